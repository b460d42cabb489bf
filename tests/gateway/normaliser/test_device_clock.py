"""A sensor whose clock is wrong is not shut out: its times are mended, and late ones are not."""

import pytest

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser import Heard, Normaliser
from gateway.normaliser.device_clock import KEPT, WRONG_S, DeviceClock
from gateway.settings import Sensor

SENSORS = (
    Sensor(name="pir", kind="motion", place="bathroom"),
    Sensor(name="door", kind="opening", place="front_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
)


def judged(*said: tuple[float, float]) -> DeviceClock:
    """After messages, each with its own time and that of the hub."""
    clock = DeviceClock()
    for stamp, received in said:
        clock.hear(stamp, received)
    clock.mend(())
    return clock


def steadily(behind: float, apart: float = 60.0, count: int = KEPT) -> list[tuple[float, float]]:
    return [(10_000 + n * apart - behind, 10_000 + n * apart) for n in range(count)]


def test_a_clock_that_keeps_step_an_hour_behind_is_wrong_by_an_hour() -> None:
    assert judged(*steadily(3600)).mended_by == 3600


@pytest.mark.parametrize(
    "said",
    [
        steadily(3600, count=KEPT - 1),
        steadily(WRONG_S),
        steadily(3600, apart=1.0),
        [(1000 + 60.0 * n, 20_000 + 0.02 * n) for n in range(KEPT)],
        [(1000.0, 20_000 + 600.0 * n) for n in range(3 * KEPT)],
        [*steadily(3600)[:-1], (11_000, 11_000)],
    ],
    ids=["too few", "a slow line", "a burst", "a queue", "a state repeated", "a timely word"],
)
def test_what_may_be_a_slow_line_is_left_as_it_is(said: list[tuple[float, float]]) -> None:
    assert judged(*said).mended_by == 0


def test_a_clock_that_was_put_right_is_believed_again_at_once() -> None:
    clock = judged(*steadily(3600), (20_000, 20_000))
    assert clock.mended_by == 0


def say(device: str, signal: Signal, value: float, at: float) -> Reading:
    return Reading(device, signal, value, at)


def hear(one: Normaliser, received: float, *readings: Reading) -> Heard:
    heard = Heard()
    one.hear(readings, received, heard, compare=True)
    return heard


def move(one: Normaliser, received: float, behind: float) -> list[tuple[float, str]]:
    """A movement and its time-out."""
    told = hear(one, received, say("pir", Signal.OCCUPANCY, 1, received - behind)).events
    hear(one, received + 1, say("pir", Signal.OCCUPANCY, 0, received + 1 - behind))
    return [(event.at.timestamp(), event.quality) for event in told]


def test_movements_of_a_detector_an_hour_behind_are_told_when_they_were() -> None:
    one = Normaliser("h1", SENSORS)
    told = [move(one, 100_000 + 100.0 * n, 3600) for n in range(10)]
    assert told[0] == [(96_400, "ok")]
    assert told[-1] == [(100_900, "ok")]


def test_what_is_off_as_a_clock_known_to_be_wrong_is_mended_from_the_first() -> None:
    """One bridge dates what all of its devices say."""
    one = Normaliser("h1", SENSORS)
    for n in range(10):
        move(one, 100_000 + 100.0 * n, 3600)
    one.note([Reading("door", Signal.OPEN, 0)], Heard())
    (event,) = hear(one, 101_000, say("door", Signal.OPEN, 1, 97_400)).events
    assert event.at.timestamp() == 101_000


def test_a_clock_put_back_by_an_hour_does_not_shut_its_sensor_out() -> None:
    one = Normaliser("h1", SENSORS)
    for n in range(10):
        move(one, 100_000 + 100.0 * n, 0)
    told = [move(one, 101_000 + 100.0 * n, 3600) for n in range(10)]
    assert [quality for _, quality in told[0]] == ["replayed"]
    assert told[-1] == [(101_900, "ok")]


def test_a_use_of_a_plug_behind_is_not_over_because_the_hubs_clock_is_ahead() -> None:
    one = Normaliser("h1", SENSORS)
    hear(one, 100_000, say("kettle", Signal.POWER, 2000, 96_400))
    heard = Heard()
    one.tick(100_100, heard)
    assert heard.events == []
    hear(one, 100_180, say("kettle", Signal.POWER, 0, 96_580))
    one.tick(100_269, heard)
    assert heard.events == []
    one.tick(100_270, heard)
    assert [(event.value, event.duration) for event in heard.events] == [(100, 180)]
