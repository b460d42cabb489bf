"""A device that tells no percentage does not die unannounced: that its battery is low is enough."""

from contract import Kind, SensorEvent
from detectors.battery_low import LOW, REFILLED
from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser import Heard, Normaliser
from gateway.normaliser.device import SAID_LOW, SAID_WELL
from gateway.settings import Sensor

DOOR = Sensor(name="door", kind="opening", place="front_door")


def say(one: Normaliser, t: float, **said: float) -> list[SensorEvent]:
    heard = Heard()
    one.hear([Reading("door", Signal(name), value) for name, value in said.items()], t, heard)
    return heard.events


def test_what_is_said_to_be_low_raises_battery_low_and_what_was_changed_ends_it() -> None:
    assert SAID_LOW <= LOW
    assert SAID_WELL >= REFILLED


def test_a_battery_said_to_be_low_is_told_once_and_so_is_its_being_changed() -> None:
    one = Normaliser("h1", [DOOR])
    assert say(one, 0, open=0, battery_low=0) == []
    (low,) = say(one, 60, open=0, battery_low=1)
    assert (low.kind, low.value, low.battery) == (Kind.LINK, 1, SAID_LOW)
    assert say(one, 120, open=0, battery_low=1) == []
    (well,) = say(one, 180, open=0, battery_low=0)
    assert well.battery == SAID_WELL
    assert say(one, 240, open=0, battery_low=0) == []


def test_what_the_sensor_sees_bears_it_too() -> None:
    one = Normaliser("h1", [DOOR])
    say(one, 0, open=0)
    (opened,) = say(one, 60, open=1, battery_low=1)
    assert (opened.kind, opened.battery) == (Kind.OPENING, SAID_LOW)


def test_a_heartbeat_tells_it_and_no_figure_where_a_device_only_says_that_all_is_well() -> None:
    one = Normaliser("h1", [DOOR])
    levels = []
    for low in (0, 1, 0):
        say(one, 0, battery_low=low)
        levels.append(one.health()[0].battery)
    assert levels == [None, SAID_LOW, SAID_WELL]


def test_that_it_is_low_counts_for_more_than_a_figure_that_stands_still() -> None:
    one = Normaliser("h1", [DOOR])
    told = [say(one, 0, battery=battery, battery_low=low) for battery, low in (
        (100, 0), (100, 1), (4, 1), (97, 0)
    )]  # fmt: skip
    assert [[event.battery for event in events] for events in told] == [[100], [10], [4], [97]]


def test_one_that_was_low_before_a_restart_is_known_to_be() -> None:
    one, other = (Normaliser("h1", [DOOR]) for _ in range(2))
    say(one, 0, battery_low=1)
    other.thaw(one.freeze(["door"]))
    assert say(other, 60, battery_low=1) == []
    assert [event.battery for event in say(other, 120, battery_low=0)] == [SAID_WELL]
