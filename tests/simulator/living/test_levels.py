"""Made-up homes must be about as busy as real ones, or what is tuned on them fails on people.

The bounds are the quartiles over 25 real homes (TIHM), a little widened: fewer front doors, as
one person lives here; boils as in homes with a metered kettle.
"""

from statistics import mean, median, stdev

import pytest

from contract import SensorEvent
from simulator.living.episodes import DAY_S
from tests.simulator.living.measures import at, at_night, bathroom, between, boils, live, visits

DAYS = 21
Measured = dict[int, list[SensorEvent]]


@pytest.fixture(scope="module")
def lives() -> Measured:
    return {seed: live(seed, DAYS) for seed in range(16)}


def days(events: list[SensorEvent]) -> list[list[SensorEvent]]:
    return [between(events, day, day + 1) for day in range(1, DAYS)]


def test_people_go_to_the_bathroom_as_often_as_people_do(lives: Measured) -> None:
    by_home = [mean(bathroom(day) for day in days(events)) for events in lives.values()]
    assert 11 < median(by_home) < 16
    assert all(7 < one < 24 for one in by_home)


def test_one_day_is_not_like_another(lives: Measured) -> None:
    variation = []
    for events in lives.values():
        counts = [bathroom(day) for day in days(events)]
        variation.append(stdev(counts) / mean(counts))
    assert 0.2 < median(variation) < 0.4


def test_they_go_at_night_once_or_twice(lives: Measured) -> None:
    by_home = [mean(at_night(day) for day in days(events)) for events in lives.values()]
    assert 0.7 < median(by_home) < 2.2


def test_they_boil_the_kettle_as_often_as_people_do(lives: Measured) -> None:
    by_home = [mean(boils(day) for day in days(events)) for events in lives.values()]
    assert 4 < median(by_home) < 6.5


def test_a_boil_takes_what_a_boil_takes(lives: Measured) -> None:
    uses = [event for events in lives.values() for event in events if event.sensor == "kettle-plug"]
    assert all(event.duration and 60 < event.duration < 300 for event in uses)
    assert all(50 < event.value < 140 for event in uses)
    assert all(
        event.duration and 1900 < event.value * 3600 / event.duration < 3000 for event in uses
    )


@pytest.mark.parametrize(
    ("sensor", "low", "high"),
    [
        ("fridge-contact", 8, 16),
        ("front-door-contact", 2.5, 8),
        ("bedroom-pir", 12, 23),
        ("hallway-pir", 24, 42),
        ("kitchen-pir", 13, 34),
    ],
)
def test_they_use_their_rooms_and_doors_as_people_do(
    lives: Measured, sensor: str, low: float, high: float
) -> None:
    by_home = [mean(len(visits(day, sensor)) for day in days(events)) for events in lives.values()]
    assert low < median(by_home) < high


def test_a_home_says_some_four_hundred_things_a_day(lives: Measured) -> None:
    assert 330 < median(len(day) for events in lives.values() for day in days(events)) < 550


def test_nobody_is_up_all_night(lives: Measured) -> None:
    motion = [e for events in lives.values() for e in events if e.kind == "motion"]
    night = [event for event in motion if at(event) % DAY_S < 5 * 3600]
    assert 0.01 < len(night) / len(motion) < 0.12
