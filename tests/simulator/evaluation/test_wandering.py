"""Wandering as it is injected: by night, in the home's own rooms, and nowhere else."""

from itertools import pairwise

import numpy as np
import pytest

from contract import Kind
from detectors.conformance.lifelike import lifelike_home
from detectors.features.places import EXITS
from detectors.moment import Calendar
from simulator.evaluation.courses import Home, Injected
from simulator.evaluation.injection import time_of
from simulator.evaluation.wandering import GRACE_S, MINUTES, NIGHTS, wandering

LONDON = Calendar("Europe/London")
HOME = Home(list(lifelike_home(40)), LONDON)


@pytest.fixture(name="walks", scope="module")
def walks_() -> list[Injected]:
    return wandering(HOME, np.random.default_rng(1))


def test_every_length_is_tried_with_and_without_leaving(walks: list[Injected]) -> None:
    names = {one.severity for one in walks}
    assert names == {f"{m} min{how}" for m in MINUTES for how in ("", ", leaving")}
    assert len(walks) == NIGHTS * 2 * len(MINUTES)


def test_a_walk_lies_in_the_night_and_moves_between_rooms(walks: list[Injected]) -> None:
    known = {(event.sensor, event.at) for event in HOME.events}
    for one in walks:
        assert LONDON.moment(one.start).hour < 5
        added = [event for event in one.events if (event.sensor, event.at) not in known]
        steps = [event for event in added if event.kind == Kind.MOTION]
        assert all(a.place != b.place for a, b in pairwise(steps))
        minutes = int(one.severity.split()[0])
        assert len(steps) > minutes / 4
        assert time_of(steps[-1]) <= one.end - GRACE_S
        assert {event.place for event in added} <= {event.place for event in HOME.events}


def test_who_left_is_not_seen_inside_until_they_are_back(walks: list[Injected]) -> None:
    for one in walks:
        doors = [time_of(e) for e in one.events if e.place in EXITS and e.value == 1]
        if "leaving" not in one.severity:
            continue
        out, back = doors[0], doors[-1]
        assert back - out > 1000
        inside = [e for e in one.events if out < time_of(e) < back and e.place not in EXITS]
        assert inside == []


def test_the_rest_of_the_home_stays_as_recorded(walks: list[Injected]) -> None:
    one = next(one for one in walks if "leaving" not in one.severity)
    recorded = [event for event in HOME.events if one.start <= time_of(event) < one.end]
    assert [event for event in one.events if event in recorded] == recorded


def test_a_home_without_rooms_to_walk_between_is_left_alone() -> None:
    bare = [event for event in HOME.events if event.kind != Kind.MOTION]
    assert wandering(Home(bare, LONDON), np.random.default_rng(1)) == []
