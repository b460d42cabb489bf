"""Injection: an episode is made of the home's own habits; the rest is left alone."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from contract import SensorEvent
from detectors.conformance.lifelike import START, lifelike_home
from detectors.features.places import BATHROOM
from detectors.moment import Calendar
from simulator.evaluation.episodes import Episode
from simulator.evaluation.injection import (
    fewer_drinks,
    more_bathroom_visits,
    slower_journeys,
    time_of,
    visits,
    without_sensor,
)

LONDON = Calendar("Europe/London")
EPISODE = Episode(onset=START.toordinal() + 20, ramp=2, length=5)
HOME = list(lifelike_home(30))


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def by_day(events: list[SensorEvent]) -> Counter[int]:
    return Counter(LONDON.moment(visit.start).day for visit in visits(events, BATHROOM))


def test_full_days_have_as_many_more_visits_as_the_severity_says() -> None:
    found = np.mean(
        [
            by_day(more_bathroom_visits(HOME, EPISODE, (3.0, 2.0), LONDON, rng(seed)))[day]
            for seed in range(10)
            for day in EPISODE.days[1:]
        ]
    )
    usual = np.mean([by_day(HOME)[day] for day in range(EPISODE.onset - 14, EPISODE.onset)])
    now = np.mean([by_day(HOME)[day] for day in EPISODE.days[1:]])
    assert found - now == pytest.approx(usual, rel=0.25)


def test_nothing_that_really_happened_is_lost_or_moved() -> None:
    after = more_bathroom_visits(HOME, EPISODE, (3.0, 2.0), LONDON, rng())
    kept = {id(event) for event in after}
    assert all(id(event) in kept for event in HOME)
    assert [time_of(event) for event in after] == sorted(time_of(event) for event in after)


def test_days_without_episode_stay_as_recorded() -> None:
    for after in (
        more_bathroom_visits(HOME, EPISODE, (3.0, 2.0), LONDON, rng()),
        fewer_drinks(HOME, EPISODE, 0.2, LONDON, rng()),
        slower_journeys(HOME, EPISODE, 1.6, LONDON),
    ):
        changed = {event.at for event in set_difference(after, HOME)}
        days = {LONDON.moment(at.timestamp()).day for at in changed}
        assert days
        # A journey at the very end of a day may be stretched over midnight.
        assert days <= set(range(EPISODE.onset, EPISODE.onset + EPISODE.length + 1))


def set_difference(one: list[SensorEvent], other: list[SensorEvent]) -> list[SensorEvent]:
    """Events of either that the other has not."""
    keys = [{(e.sensor, e.at) for e in events} for events in (one, other)]
    both = keys[0] & keys[1]
    return [e for e in (*one, *other) if (e.sensor, e.at) not in both]


def test_extra_visits_are_copies_of_the_persons_own_with_the_steps_around_them() -> None:
    extra = [
        event
        for event in more_bathroom_visits(HOME, EPISODE, (3.0, 2.0), LONDON, rng())
        if id(event) not in {id(one) for one in HOME}
    ]
    assert {event.place for event in extra} <= BATHROOM | {"hallway", "bedroom", "bed"}
    assert {"bathroom", "hallway"} <= {event.place for event in extra}
    assert {event.sensor for event in extra} <= {event.sensor for event in HOME}


def test_the_same_chance_gives_the_same_episode() -> None:
    once, again = (
        more_bathroom_visits(HOME, EPISODE, (2.0, 1.5), LONDON, rng(7)) for _ in range(2)
    )
    assert once == again


def test_only_drinks_are_left_out_and_about_as_many_as_said() -> None:
    full = Episode(EPISODE.onset, ramp=1)
    kept = [
        sum(
            event.place == "kettle" and LONDON.moment(time_of(event)).day in full.days
            for event in fewer_drinks(HOME, full, 0.5, LONDON, rng(seed))
        )
        for seed in range(40)
    ]
    before = sum(e.place == "kettle" and LONDON.moment(time_of(e)).day in full.days for e in HOME)
    assert np.mean(kept) == pytest.approx(before / 2, rel=0.2)
    others = [e for e in fewer_drinks(HOME, full, 0.1, LONDON, rng()) if e.place != "kettle"]
    assert others == [e for e in HOME if e.place != "kettle"]


def test_without_a_kettle_whole_visits_to_the_kitchen_are_left_out() -> None:
    home = [event for event in HOME if event.place != "kettle"]
    full = Episode(EPISODE.onset, ramp=1)
    left = fewer_drinks(home, full, 0.0, LONDON, rng())
    places = {e.place for e in left if LONDON.moment(time_of(e)).day == EPISODE.onset + 2}
    assert not places & {"kitchen", "fridge"}


def test_slower_journeys_take_longer_and_lose_nobody() -> None:
    full = Episode(EPISODE.onset, ramp=1)
    after = slower_journeys(HOME, full, 2.0, LONDON)
    assert len(after) == len(HOME)
    assert Counter(e.sensor for e in after) == Counter(e.sensor for e in HOME)

    def mean_step(events: list[SensorEvent]) -> float:
        walk = [e for e in events if e.kind == "motion"]
        steps = [
            time_of(b) - time_of(a)
            for a, b in pairwise(walk)
            if a.place != b.place and LONDON.moment(time_of(a)).day in full.days
        ]
        return float(np.mean([step for step in steps if step < 20]))

    assert mean_step(after) > 1.3 * mean_step(HOME)


def test_a_dead_sensor_says_nothing_more_and_others_all_they_said() -> None:
    since = time_of(HOME[len(HOME) // 2])
    after = without_sensor(HOME, "kitchen-pir", since)
    assert not [e for e in after if e.sensor == "kitchen-pir" and time_of(e) >= since]
    assert len(HOME) - len(after) == sum(
        e.sensor == "kitchen-pir" and time_of(e) >= since for e in HOME
    )
