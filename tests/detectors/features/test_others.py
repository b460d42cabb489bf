"""Whether a person is alone: guests, a lodger and a cat are no illness of theirs."""

import pytest

from contract import SensorEvent, utc
from detectors.features.glimpses import APART, Glimpses
from detectors.features.others import MEASURES, Others
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.routine import MORNING_S

PRIORS = tuple(Prior(level, 1.0, lag=0) for level in (100.0, 4.0, 1.0))
HOUR = 3600.0


def glimpsed(seen: list[tuple[float, str]]) -> int:
    return len(Glimpses().among([motion(t, room) for t, room in seen]))


def motion(t: float, room: str) -> tuple[SensorEvent, Moment]:
    """Motion seen by day."""
    event = SensorEvent(home="h1", sensor=room, kind="motion", place=room, at=utc(t), value=1)
    return event, Moment(t, 1, 12 * HOUR)


def test_who_walks_through_rooms_is_not_glimpsed() -> None:
    walk = [(0.0, "bedroom"), (40.0, "hallway"), (90.0, "kitchen"), (5 * HOUR, "hallway")]
    assert glimpsed([*walk, (5 * HOUR + 30, "lounge"), (9 * HOUR, "bedroom")]) == 0


def test_who_sits_in_one_room_all_day_is_not_glimpsed() -> None:
    assert glimpsed([(hour * HOUR, "lounge") for hour in range(10)]) == 0


def test_a_cat_seen_by_one_sensor_and_gone_is_glimpsed() -> None:
    rooms = ("kitchen", "hallway", "lounge", "bedroom")
    assert glimpsed([(i * HOUR, room) for i, room in enumerate(rooms)]) == 3


@pytest.mark.parametrize(("gap", "found"), [(APART, 0), (APART + 1, 1)])
def test_a_glimpse_has_nothing_on_either_side(gap: float, found: int) -> None:
    sat = [(0.0, "lounge"), (HOUR, "hallway")]
    assert glimpsed([*sat, (HOUR + gap, "lounge")]) - glimpsed(sat) == found


def test_more_bathroom_visits_are_not_taken_for_a_visitor() -> None:
    others = Others()
    steps = [i * HOUR + step for i in range(400) for step in (0.0, 30.0, 120.0)]
    others.hear_all([motion(t, "bathroom") for t in steps], frozenset({"bathroom"}), MORNING_S)
    assert others.counts == [0] * len(MEASURES)
    assert not others.there(0.0, 1.0, PRIORS, night=False)


def day(others: Others, first: float, activations: int, glimpses: int) -> bool:
    """One day of so much; whether others are found in it."""
    sat = [motion(first + i, "lounge") for i in range(activations)]
    roamed = [
        motion(first + (i + 1) * HOUR, ("kitchen", "hallway")[i % 2]) for i in range(glimpses + 1)
    ]
    others.hear_all(sat + roamed, frozenset(), MORNING_S)
    found = others.there(0.0, 1.0, PRIORS, night=False)
    others.end(1.0, PRIORS, night=False, learn=not found)
    return found


def lived_in(days: int) -> Others:
    others = Others()
    for number in range(days):
        assert not day(others, number * 24 * HOUR, 100, 4)
    return others


@pytest.mark.parametrize(("activations", "glimpses"), [(200, 4), (100, 20)])
def test_a_second_person_or_a_cat_hides_the_day(activations: int, glimpses: int) -> None:
    assert day(lived_in(10), 10 * 24 * HOUR, activations, glimpses)


def test_an_ordinary_day_after_guests_counts_again() -> None:
    others = lived_in(10)
    assert day(others, 10 * 24 * HOUR, 250, 4)
    assert not day(others, 11 * 24 * HOUR, 100, 4)
