"""Features: what a person did, told apart from what they did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.features.bustle import Bustle
from detectors.features.journeys import ENOUGH, MOST_PAIRS, Journeys
from detectors.features.places import plain, room
from detectors.features.presence import HOUR, Presence
from detectors.features.visits import Visits
from detectors.features.whereabouts import Whereabouts
from detectors.models.usual import Prior

DAY = 24 * HOUR


@given(st.lists(st.floats(0, 1e6), max_size=50), st.floats(1, 1000))
def test_telling_an_activation_twice_makes_no_second_visit(
    times: list[float], quiet: float
) -> None:
    once, twice = Visits(), Visits()
    counts = [0, 0]
    for t in sorted(times):
        counts[0] += once.begins(t, quiet)
        counts[1] += twice.begins(t, quiet) + twice.begins(t, quiet)
    assert counts[0] == counts[1]


def test_a_long_stay_is_one_visit_and_a_return_is_another() -> None:
    visits = Visits()
    assert [visits.begins(t, 300.0) for t in (0.0, 200.0, 400.0, 650.0, 1000.0)] == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_slower_steps_are_told_as_a_share_of_the_persons_own() -> None:
    journeys = Journeys()
    for number in range(ENOUGH + 5):
        journeys.step(number * 100.0, "hallway")
        journeys.step(number * 100.0 + 4, "bathroom")
    t = 1e5
    journeys.step(t, "hallway")
    slower = journeys.step(t + 8, "bathroom")
    assert slower == pytest.approx(0.693, abs=0.01)  # twice as long


def test_a_rest_on_the_way_is_no_journey_and_mad_names_do_not_fill_the_memory() -> None:
    journeys = Journeys()
    journeys.step(0.0, "hallway")
    assert journeys.step(600.0, "lounge") is None
    for number in range(1000):
        journeys.step(1000.0 + number * 5, f"place_{number}")
    assert len(journeys.pairs) <= MOST_PAIRS


def test_a_busy_day_is_told_as_a_multiple_of_the_usual() -> None:
    prior, bustle = Prior(level=50.0, dispersion=2.0), Bustle()
    for _ in range(20):
        for slot in range(120):
            bustle.stir(slot * 300.0)
            bustle.stir(slot * 300.0 + 10)  # the same stretch
        bustle.slot = -1
        bustle.end(False, 1.0, prior, learn=True)
    for slot in range(240):
        bustle.stir(slot * 300.0)
    assert bustle.multiple(False, 1.0, prior) == pytest.approx(2, abs=0.15)


def presence(*signs: tuple[float, bool]) -> Presence:
    found = Presence()
    for t, at_exit in signs:
        found.sign(t, at_exit=at_exit, seen=True)
    return found


def test_an_outing_from_door_to_door_is_absence() -> None:
    day = presence((0, False), (2 * HOUR, True), (6 * HOUR, True), (8 * HOUR, False))
    assert day.close(8 * HOUR, night=False).out == pytest.approx(0.5)


def test_whoever_is_first_seen_inside_had_never_left() -> None:
    day = presence((0, False), (2 * HOUR, True), (4 * HOUR, False), (8 * HOUR, False))
    assert day.close(8 * HOUR, night=False).out == 0


def test_locking_up_before_bed_is_not_leaving() -> None:
    evening = presence((0, False), (HOUR, True), (HOUR + 60, False))
    evening.close(2 * HOUR, night=False)
    assert evening.close(8 * HOUR, night=True).unseen == 0


def test_an_absence_over_midnight_counts_in_both_parts() -> None:
    away = presence((0, False), (2 * HOUR, True))
    assert away.close(10 * HOUR, night=False).unseen == pytest.approx(0.8)
    assert away.close(16 * HOUR + 1, night=True).unseen == pytest.approx(1.0)


def test_a_kettle_alone_sees_nobody_leave() -> None:
    kettle = Presence()
    kettle.sign(0, at_exit=False, seen=False)
    kettle.sign(9 * HOUR, at_exit=False, seen=False)
    assert kettle.close(18 * HOUR, night=False).unseen == 0
    assert kettle.close(50 * HOUR, night=False).unseen == 1


@given(st.lists(st.tuples(st.floats(0, 5 * DAY), st.booleans(), st.booleans()), max_size=60))
def test_absence_is_always_a_share(signs: list[tuple[float, bool, bool]]) -> None:
    found, part = Presence(), 0
    for t, at_exit, seen in sorted(signs):
        while t > (part + 1) * DAY / 2:
            part += 1
            absence = found.close(part * DAY / 2, night=part % 2 == 1)
            assert 0 <= absence.out <= absence.unseen <= 1
        found.sign(t, at_exit=at_exit, seen=seen)


@pytest.mark.parametrize(
    ("place", "after", "out"),
    [
        ("front_door", 0, True),
        ("hallway", 100, True),
        ("hallway", 400, False),
        ("lounge", 10, True),
        ("lounge", 100, False),
        ("bedroom", 100, False),
    ],
)
def test_only_who_was_last_seen_by_the_door_may_be_out(place: str, after: float, out: bool) -> None:
    who = Whereabouts()
    who.notice(1000.0, "front_door")
    who.notice(1000.0 + after, place)
    assert who.perhaps_out == out


def test_things_stand_in_rooms() -> None:
    assert [room(p) for p in ("fridge", "toilet", "bed", "orangery")] == [
        "kitchen",
        "bathroom",
        "bedroom",
        "orangery",
    ]
    assert plain("front_door") == "front door"
