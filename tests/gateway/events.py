"""Events for the tests of the hub, made in one line each, and a strategy for whole recordings."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from contract import Alert, SensorEvent, utc
from contract.recordings import write_recording
from gateway.engine_room import EngineRoom
from gateway.journal import Intake, Journal

START = 1_772_323_200.0  # 2026-03-01T00:00Z, a Sunday; the clocks go forward on the 29th


def at(hours: float) -> datetime:
    """The instant so many hours after the start."""
    return utc(START + hours * 3600)


def event(
    hours: float,
    place: str = "bathroom",
    kind: str = "motion",
    value: float = 1,
    *,
    home: str = "h1",
    quality: str = "ok",
) -> SensorEvent:
    """One event, so many hours after the start."""
    return SensorEvent(
        home=home,
        sensor=f"{place}-{kind}",
        kind=kind,
        place=place,
        at=at(hours),
        value=value,
        quality=quality,
    )


def alert(hours: float) -> Alert:
    """One that stands, raised so many hours after the start."""
    return Alert(
        id="a",
        home="h1",
        condition="uti_risk",
        severity="advisory",
        raised_at=at(hours),
        updated_at=at(hours),
        text="More visits than usual.",
    )


def hear(journal: Journal, *events: SensorEvent) -> None:
    """Journals them, as a hub that hears them at the start."""
    newest = max((one.at.timestamp() for one in events), default=None)
    journal.write_intake(Intake(events=list(events), newest=newest), START)


def work(room: EngineRoom) -> None:
    """Goes through all that was heard."""
    while room.work():
        pass


def recording(path: Path, events: Iterable[SensorEvent]) -> Path:
    """Writes a recording; its path."""
    write_recording(path, events)
    return path


_HAPPENINGS = st.sampled_from(
    [
        ("bathroom", "motion"),
        ("kitchen", "motion"),
        ("front_door", "opening"),
        ("pendant", "button"),
    ]
)


@st.composite
def days_of_events(draw: st.DrawFn, home: str = "h1", most: int = 80) -> list[SensorEvent]:
    """Up to `most` events of one home, minutes to days apart, some a little out of order."""
    steps = draw(
        st.lists(st.tuples(st.integers(-90, 30_000), _HAPPENINGS, st.booleans()), max_size=most)
    )
    now = at(0)
    events = []
    for seconds, (place, kind), high in steps:
        now += timedelta(seconds=seconds)
        value = 1.0 if kind == "motion" or high else 0.0
        events.append(
            SensorEvent(
                home=home, sensor=f"{place}-{kind}", kind=kind, place=place, at=now, value=value
            )
        )
    return events
