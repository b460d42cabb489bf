"""A fall must be the silence it is, and an absence look like one: both are what hubs watch for."""

from itertools import pairwise

import numpy as np
import pytest

from tests.simulator.living import measures as m
from tests.simulator.living.effects.shown import shows
from tests.simulator.living.people import Told, befalls, heard, home, spans, street, well

NOON = 9 + 12.5 / 24
DAYS = 17
_MINUTE = 1 / 1440


@shows("fall")
@pytest.mark.parametrize("hours", [2, 5])
def test_nothing_moves_while_somebody_lies_on_the_floor(hours: float) -> None:
    """But for the first minutes; then the front door, within two minutes of the hours said."""
    found = 0
    for one in street(11, befalls("fall", NOON, days=hours / 24)):
        quiet = (one.all_motion > NOON + 5 * _MINUTE) & (one.all_motion < NOON + hours / 24)
        late = NOON + hours / 24 + 2 * _MINUTE
        doors = spans(one.times("front-door-contact"), NOON + 2 * _MINUTE, late)
        if one.did("fall")[0] > NOON + 2 * _MINUTE:
            continue  # they were out, and fell when they came back
        found += 1
        assert not quiet.any()
        assert doors[0] >= NOON + hours / 24
    assert found >= 12


@shows("fall")
def test_where_somebody_was_found_it_is_busy_for_an_hour() -> None:
    end = NOON + 3 / 24
    fallen, before = street(DAYS, befalls("fall", NOON)), well(DAYS)
    assert 1.3 < m.ratio(m.movement, fallen, before, end, end + 1 / 24) < 6


@shows("fall")
def test_a_fall_leaves_people_slower_and_out_less_for_some_days() -> None:
    """Pace is 0.7 of before at first and recovers over ten days: over seven of them, 0.81."""
    many = 60  # after the fall they live other days, and few people leave that chance standing
    fallen, before = street(DAYS, befalls("fall", 3.5), people=many), well(DAYS, people=many)
    assert 1.05 < m.ratio(m.walk, fallen, before, 4, 11) < 1.35
    assert 0.5 < m.ratio(m.garden, fallen, before, 4, 11) < 0.95
    assert m.ratio(m.walk, fallen, before, 14, 17) == pytest.approx(1, abs=0.08)


@shows("fall")
@pytest.mark.parametrize("room", ["bathroom", "kitchen"])
def test_a_fall_waits_for_its_room(room: str) -> None:
    """Whoever is seen last before the silence was seen there."""
    there = 0
    for seed in range(1, 9):
        one = heard(home(seed, befalls("fall", NOON, days=0.5, room=room)), 10.5)
        (fell,) = one.did("fall")
        last = {
            name: one.times(name)[one.times(name) < fell + 5 * _MINUTE][-1] for name in m.MOTION
        }
        there += max(last, key=lambda name: last[name]) == f"{room}-pir"
        assert NOON <= fell < NOON + 1
    assert there >= 4, "some bathrooms have a sensor that sees little"


@shows("fall")
def test_several_falls_each_leave_a_silence() -> None:
    falls = [befalls("fall", day + 0.55, days=6 / 24) for day in (3, 4, 6)]
    for one in street(8, *falls, people=8):
        for fall in falls:
            onset = (fall.onset - one.start) / 86_400
            (fell,) = spans(one.did("fall"), onset, onset + 0.5)
            assert not spans(one.all_motion, fell + 5 * _MINUTE, onset + 0.25)


ABSENT = ("holiday", "hospital")
LEAVE, BACK = 5.45, 9.45


def at_home(one: Told, first: float, last: float) -> list[float]:
    """All that anybody would have to be at home for."""
    return [
        t
        for sensor, (times, _, _) in one.streams.items()
        if sensor != "lounge-temperature"
        for t in spans(times, first, last)
    ]


@shows(*ABSENT)
@pytest.mark.parametrize("kind", ABSENT)
def test_nothing_is_seen_of_somebody_who_is_away_until_the_front_door_tells(kind: str) -> None:
    for one in street(DAYS, befalls(kind, LEAVE, days=BACK - LEAVE), people=12):
        seen = sorted(at_home(one, 0, DAYS))
        gone, back = max(pairwise(seen), key=lambda pair: pair[1] - pair[0])
        door = one.streams["front-door-contact"][0]
        assert LEAVE - 3 / 24 < gone < LEAVE + 9 / 24, (
            "they finish what they are at, or are out already"
        )
        assert np.abs(door - gone).min() < 3 * _MINUTE
        assert BACK <= back < BACK + 0.02
        assert back in door
        assert len(one.times("lounge-temperature")) > DAYS * 20, "the home itself goes on"


@shows("hospital")
def test_whoever_comes_from_hospital_is_slower_and_less_about_for_two_weeks() -> None:
    many = 60
    back = street(DAYS, befalls("hospital", 1.45, days=2), people=many)
    before = well(DAYS, people=many)
    assert 1.02 < m.ratio(m.walk, back, before, 4, 11) < 1.19
    assert 0.5 < m.ratio(m.garden, back, before, 4, 11) < 0.93
    assert 0.75 < m.ratio(m.movement, back, before, 4, 11) < 0.95
    rested = street(DAYS, befalls("holiday", 1.45, days=2), people=many)
    assert m.ratio(m.walk, rested, before, 4, 11) == pytest.approx(1, abs=0.06)


@shows("hospital")
def test_the_ambulance_comes_at_night_too() -> None:
    for one in street(9, befalls("hospital", 5 + 3 / 24, days=2), people=8):
        assert len(at_home(one, 5 + 4.5 / 24, 7 + 3 / 24)) == 0


@shows(*ABSENT)
def test_the_ambulance_takes_one_of_two_and_a_holiday_takes_both() -> None:
    stays = [heard(home(2, befalls(kind, 2.45, days=3), residents=2), 7) for kind in ABSENT]
    left = [len(at_home(one, 3, 5)) for one in stays]
    assert left[0] == 0
    assert left[1] > 200


@shows(*ABSENT)
@pytest.mark.parametrize("kind", ABSENT)
def test_the_cat_stays_at_home(kind: str) -> None:
    one = heard(home(3, befalls(kind, 2.45, days=3), pet=True), 7)
    assert len(spans(one.all_motion, 3, 5)) > 10
    assert not spans(one.times("kettle-plug"), 3, 5)
