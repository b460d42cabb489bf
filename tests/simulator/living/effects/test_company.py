"""Others in a home blur what one person shows: a hub must bear that, so it must be there."""

from itertools import pairwise

import numpy as np
import pytest

from tests.simulator.living import measures as m
from tests.simulator.living.effects.shown import shows
from tests.simulator.living.people import Told, befalls, heard, home, spans, street, well

DAYS = 15
APART = ("bathroom-pir", "bedroom-pir", "kitchen-pir", "lounge-pir")


def two_rooms_at_once(one: Told, first: float, last: float) -> float:
    """How often a day two rooms, with a hallway between them, tell within 1.5 s of each other."""
    seen = sorted((t, name) for name in APART for t in m.within(one.times(name), first, last))
    near: list[bool] = [
        late - early < 1.5 / 86_400 and a != b for (early, a), (late, b) in pairwise(seen)
    ]
    return float(sum(near)) / (last - first)


def elsewhere_from_bed(one: Told, first: float, last: float) -> float:
    """Activations outside the bedroom, an hour, once the bed has been occupied for five minutes."""
    t, value, _ = one.streams["bed-presence"]
    hours = seen = 0.0
    for (begin, end), occupied in zip(pairwise(t), value[:-1], strict=True):
        if occupied and first <= begin and end < last:
            hours += (end - begin) * 24
            seen += sum(
                len(m.within(one.times(name), begin + 300 / 86_400, end))
                for name in m.MOTION
                if name != "bedroom-pir"
            )
    return seen / hours


@shows("second_resident")
def test_two_people_are_in_two_rooms_at_once_and_use_twice_as_much() -> None:
    many = 60  # one person is hardly ever in two rooms at once: few homes tell little
    both, one = street(DAYS, befalls("second_resident", 4), people=many), well(DAYS, people=many)
    assert m.over(two_rooms_at_once, one, 5, DAYS) < 1.3
    assert m.ratio(two_rooms_at_once, both, one, 5, DAYS) > 2.5
    for measure in (m.voids, m.boils, m.fridge):
        assert 1.6 < m.ratio(measure, both, one, 5, DAYS) < 2.7
    assert 1.4 < m.ratio(m.movement, both, one, 5, DAYS) < 2.5


@shows("second_resident")
def test_whoever_moves_in_moves_out_again() -> None:
    both, one = street(DAYS, befalls("second_resident", 3, days=5)), well(DAYS)
    assert 0.93 < m.ratio(m.boils, both, one, 9, DAYS) < 1.07
    assert m.ratio(m.boils, both, one, 0, 3) == 1


@shows("pet")
def test_a_cat_is_seen_at_night_and_while_everybody_lies_in_bed() -> None:
    cat, alone = street(DAYS, befalls("pet", 4)), well(DAYS)
    assert m.over(elsewhere_from_bed, alone, 5, DAYS) < 0.05
    assert 0.5 < m.over(elsewhere_from_bed, cat, 5, DAYS) < 4
    assert 1.03 < m.ratio(m.movement, cat, alone, 5, DAYS) < 1.25
    assert 1.3 < m.ratio(m.about_by_night, cat, alone, 5, DAYS) < 3.5


@shows("pet")
def test_a_cat_boils_nothing_opens_nothing_and_lies_in_no_bed() -> None:
    cat, alone = street(DAYS, befalls("pet", 4)), well(DAYS)
    for sensor in ("kettle-plug", "fridge-contact", "front-door-contact", "bed-presence"):
        for with_cat, without in zip(cat, alone, strict=True):
            assert np.array_equal(with_cat.streams[sensor], without.streams[sensor], equal_nan=True)


@shows("pet")
def test_a_cat_is_seen_while_nobody_is_at_home() -> None:
    away = befalls("holiday", 4.45, days=5)
    seen = [len(spans(one.all_motion, 5, 9)) / 4 for one in street(DAYS, away, befalls("pet", 2))]
    assert 10 < np.mean(seen) < 60
    assert min(seen) > 0


@shows("visitor")
def test_a_visitor_comes_and_goes_by_the_front_door_every_day() -> None:
    visited, alone = street(DAYS, befalls("visitor", 4, days=9)), well(DAYS)
    more = m.over(m.door_openings, visited, 4, 13) - m.over(m.door_openings, alone, 4, 13)
    assert 1.6 < more < 2.2, "one opening to come in, one to leave"
    assert m.ratio(m.door_openings, visited, alone, 13, DAYS) == 1


@shows("visitor")
def test_while_a_visitor_is_there_two_people_move_about() -> None:
    visited, alone = street(DAYS, befalls("visitor", 4, days=9)), well(DAYS)
    afternoon = [(day + 15 / 24, day + 17 / 24) for day in range(4, 13)]
    times = [
        sum(m.over(m.movement, homes, *span) for span in afternoon) for homes in (visited, alone)
    ]
    assert 1.4 < times[0] / times[1] < 3.2
    assert m.ratio(m.about_by_night, visited, alone, 4, 13) == pytest.approx(1, abs=0.1)


def test_a_carer_comes_to_the_door_so_often_every_day_whenever_a_life_begins() -> None:
    for number in (1, 4):
        cared = heard(home(5, carer_visits=number), 12)
        alone = heard(home(5), 12)
        more = m.door_openings(cared, 1, 12) - m.door_openings(alone, 1, 12)
        assert 2 * number - 0.8 < more < 2 * number + 0.01


def test_family_comes_on_sundays_most_of_all() -> None:
    homes = [heard(home(seed, family_visits=2.0), 28) for seed in range(1, 13)]
    alone = [heard(home(seed), 28) for seed in range(1, 13)]

    def more(days: list[int]) -> float:
        return float(
            np.mean(
                [
                    m.over(m.door_openings, homes, day, day + 1)
                    - m.over(m.door_openings, alone, day, day + 1)
                    for day in days
                ]
            )
        )

    sundays = more([0, 7, 14, 21])
    others = more([day for day in range(28) if day % 7])
    assert 0.65 < sundays < 1.8, "0.57 visits of two openings each"
    assert 0.25 < others < 0.75
