"""A door that opened is told, however it bounces, and however often it reports, only once."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import NEVER, Told
from gateway.normaliser.edges import Link, Opening, Presence

OPEN, CLOSED = (Reading("door", Signal.OPEN, value) for value in (1.0, 0.0))


def test_opening_and_closing_are_told() -> None:
    door = Opening()
    assert door.hear(OPEN, 1) == [Told(1, 1.0)]
    assert door.hear(CLOSED, 2) == [Told(2, 0.0)]


def test_what_a_switch_says_is_what_the_sensor_is_for() -> None:
    on, off = (Reading("input", Signal.SWITCH, value) for value in (1.0, 0.0))
    for sensor in (Opening(), Presence()):
        assert sensor.hear(on, 1) + sensor.hear(off, 2) == [Told(1, 1.0), Told(2, 0.0)]


def test_a_battery_report_that_repeats_the_contact_is_nothing() -> None:
    door = Opening(debounce_s=1)
    assert door.hear(CLOSED, 0) == []
    door.hear(OPEN, 10)
    assert door.hear(OPEN, 3000) == []


def test_where_only_openings_matter_closings_are_not_told_but_known() -> None:
    door = Opening(falling=False)
    assert door.hear(OPEN, 1) == [Told(1, 1.0)]
    assert door.hear(CLOSED, 2) == []
    assert door.hear(OPEN, 3) == [Told(3, 1.0)]


def test_a_bounce_is_no_second_opening() -> None:
    door = Opening(debounce_s=1)
    told = door.hear(OPEN, 0) + door.hear(CLOSED, 0.2) + door.hear(OPEN, 0.3) + door.settle(100)
    assert told == [Told(0, 1.0)]


def test_a_door_shut_at_once_is_told_with_its_own_time_when_that_is_certain() -> None:
    door = Opening(debounce_s=1)
    door.hear(OPEN, 0)
    assert door.hear(CLOSED, 0.4) == []
    assert door.deadline() == 1
    assert door.settle(0.9) == []
    assert door.settle(1) == [Told(0.4, 0.0)]
    assert door.deadline() == NEVER


def test_what_waits_is_settled_by_the_next_reading_as_well() -> None:
    door = Opening(debounce_s=1)
    door.hear(OPEN, 0)
    door.hear(CLOSED, 0.4)
    assert door.hear(OPEN, 5) == [Told(0.4, 0.0), Told(5, 1.0)]


def test_where_it_is_not_known_how_a_door_stood_its_next_word_is_no_opening() -> None:
    """A door that stood open while the hub was deaf was not opened when it says so again."""
    for before, now, then in ((CLOSED, OPEN, 0.0), (OPEN, CLOSED, 1.0), (OPEN, OPEN, 0.0)):
        door = Opening(debounce_s=1)
        door.hear(before, 0)
        door.hear(CLOSED, 0.5)
        door.doubt()
        assert door.deadline() == NEVER, "and what waited is not waited for"
        assert door.hear(now, 0.7) == []
        other = OPEN if now is CLOSED else CLOSED
        assert door.hear(other, 0.8) == [Told(0.8, then)], "but the one after it is"


def test_somebody_in_bed_is_known_by_either_word() -> None:
    for signal in (Signal.PRESENCE, Signal.OCCUPANCY):
        assert signal in Presence.signals


def test_a_device_that_was_always_online_has_not_come_online() -> None:
    link = Link(at_rest=1.0)
    online, offline = (Reading("d", Signal.ONLINE, value) for value in (1.0, 0.0))
    assert link.hear(online, 0) == []
    assert link.hear(offline, 5) == [Told(5, 0.0)]
    assert link.hear(online, 6) == [Told(6, 1.0)]


def test_a_bounce_told_in_whole_seconds_is_none_though_a_second_turned() -> None:
    door = Opening(debounce_s=1)
    told = door.hear(OPEN, 10.0) + door.hear(CLOSED, 11.0) + door.hear(OPEN, 11.0)
    assert told + door.settle(100) == [Told(10, 1.0)]
    shut = door.hear(CLOSED, 200.0) + door.hear(OPEN, 201.0) + door.settle(201.9)
    assert shut == [Told(200, 0.0)]
    assert door.settle(202) == [Told(201, 1.0)]


_STEPS = st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=60)


@given(_STEPS, st.sampled_from([0.0, 1.0]))
def test_whatever_it_reports_edges_alternate_and_end_where_the_door_is(
    steps: list[tuple[float, bool]], debounce_s: float
) -> None:
    door = Opening(debounce_s=debounce_s)
    t, told, last = 0.0, [], CLOSED
    for step, is_open in steps:
        t += step
        last = OPEN if is_open else CLOSED
        told += door.hear(last, t)
    told += door.settle(t + debounce_s + 1)
    values = [one.value for one in told]
    assert values == [float(index % 2 == 0) for index in range(len(values))]
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert door.state.value == last.value


@given(_STEPS, st.data())
def test_how_often_it_is_asked_to_settle_changes_nothing(
    steps: list[tuple[float, bool]], data: st.DataObject
) -> None:
    asked, left_alone = Opening(debounce_s=1), Opening(debounce_s=1)
    t = 0.0
    told: list[Told] = []
    expected: list[Told] = []
    for step, is_open in steps:
        told += asked.settle(t + step * data.draw(st.floats(0, 1)))
        t += step
        reading = OPEN if is_open else CLOSED
        told += asked.hear(reading, t)
        expected += left_alone.hear(reading, t)
    assert told + asked.settle(t + 9) == expected + left_alone.settle(t + 9)
