"""Events for tests, and strategies for whatever a home may hold."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from contract import Kind, SensorEvent, utc
from gateway.normaliser.button import PRESSED_AGAIN_S
from gateway.normaliser.pulses import FLUSH_S

START = datetime(2026, 3, 1, tzinfo=UTC).timestamp()

Gaps = st.SearchStrategy[list[float]]


def event(
    sensor: str,
    kind: str,
    place: str,
    t: float,
    value: float = 1,
    *,
    duration: float | None = None,
    battery: float | None = None,
) -> SensorEvent:
    """An event `t` seconds after the start."""
    return SensorEvent(
        home="h1",
        sensor=sensor,
        kind=kind,
        place=place,
        at=utc(START + t),
        value=value,
        duration=duration,
        battery=battery,
    )


def _gaps(least_ms: float, most: int = 12) -> Gaps:
    milliseconds = st.integers(min_value=int(least_ms), max_value=40_000_000)
    return st.lists(milliseconds.map(lambda ms: ms / 1000), max_size=most)


def _times(gaps: list[float]) -> list[float]:
    times, t = [], 3600.0
    for gap in gaps:
        t += gap
        times.append(round(t, 3))
    return times


@st.composite
def _pulses(
    draw: st.DrawFn, sensor: str, kind: str, place: str, least_ms: float
) -> list[SensorEvent]:
    return [event(sensor, kind, place, t) for t in _times(draw(_gaps(least_ms)))]


@st.composite
def _two_sided(
    draw: st.DrawFn, sensor: str, kind: str, place: str, least_ms: float
) -> list[SensorEvent]:
    times = _times(draw(_gaps(least_ms)))
    return [event(sensor, kind, place, t, (index + 1) % 2) for index, t in enumerate(times)]


@st.composite
def _uses(draw: st.DrawFn, sensor: str, place: str) -> list[SensorEvent]:
    uses, end = [], 3600.0
    for pause in draw(_gaps(1000, most=8)):
        seconds = draw(st.integers(min_value=5, max_value=1800))
        watts = draw(st.integers(min_value=30, max_value=3000))
        end = round(end + pause + seconds, 3)
        wh = round(watts * seconds / 3600, 1) or 0.1
        uses.append(event(sensor, Kind.APPLIANCE, place, end, wh, duration=float(seconds)))
    return uses


@st.composite
def _temperatures(draw: st.DrawFn) -> list[SensorEvent]:
    tenths = st.integers(min_value=-400, max_value=850)
    return [
        event("lounge-temperature", Kind.TEMPERATURE, "lounge", t, draw(tenths) / 10)
        for t in _times(draw(_gaps(300_000)))
    ]


@st.composite
def _walks(draw: st.DrawFn) -> list[SensorEvent]:
    hundredths = st.integers(min_value=0, max_value=200)
    return [
        event("hallway-radar", Kind.GAIT_SPEED, "hallway", t, draw(hundredths) / 100)
        for t in _times(draw(_gaps(300_000)))
    ]


@st.composite
def _help(draw: st.DrawFn, least_ms: float) -> list[SensorEvent]:
    times = _times(draw(_gaps(least_ms)))
    return [
        event("pendant", Kind.BUTTON, "pendant", t, draw(st.sampled_from([0, 1]))) for t in times
    ]


@st.composite
def homes(
    draw: st.DrawFn,
    clock_s: float = 0.001,
    press_s: float = PRESSED_AGAIN_S,
    water_s: float = 0.0,
) -> list[SensorEvent]:
    """What one home may hold: each kind of sensor, as densely as it can be told, in order.

    Args:
        clock_s: What the devices' clocks can just tell apart, in seconds.
        press_s: Seconds between presses of a button; few where presses bear their own time.
        water_s: Seconds between flushes of a cistern whose water is heard; few where what is said
            of it is not what is said of one that shakes.
    """
    least_ms = 1000 * clock_s
    streams = draw(
        st.tuples(
            _pulses("hallway-pir", Kind.MOTION, "hallway", 2 * least_ms),
            _pulses("front-door-contact", Kind.OPENING, "front_door", 2 * least_ms),
            _pulses("toilet-flush", Kind.FLUSH, "toilet", 1000 * FLUSH_S + 2 * least_ms),
            _pulses("cistern-leak", Kind.FLUSH, "cistern", 1000 * water_s + 2 * least_ms),
            _two_sided("fridge-contact", Kind.OPENING, "fridge", least_ms),
            _two_sided("bed-presence", Kind.PRESENCE, "bed", least_ms),
            _two_sided("bathroom-presence", Kind.PRESENCE, "bathroom", least_ms),
            _uses("kettle-plug", "kettle"),
            _uses("microwave-plug", "microwave"),
            _temperatures(),
            _walks(),
            _help(max(least_ms, 1000 * press_s)),
        )
    )
    return sorted((e for stream in streams for e in stream), key=lambda e: e.at)
