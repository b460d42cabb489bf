"""Sensors must miss what real ones miss, and tell the rest in order."""

from itertools import pairwise

import pytest

from contract import SensorEvent
from simulator.living.chance import Chance
from simulator.living.rooms import HALLWAY, LOUNGE, OUTSIDE
from simulator.living.senses import BED, FRIDGE, SENSORS, Senses

FOREVER = float("inf")


def take_all(senses: Senses, before: float = FOREVER) -> list[SensorEvent]:
    events = []
    while (event := senses.take(before)) is not None:
        events.append(event)
    return events


def seconds(events: list[SensorEvent]) -> list[float]:
    return [event.at.timestamp() for event in events]


def test_a_pir_is_blind_for_a_minute_after_it_has_fired() -> None:
    senses = Senses("h1", Chance.of(1))
    for t in range(1000, 1600, 5):
        senses.moved(LOUNGE, t)
    told = seconds(take_all(senses))
    gaps = [late - early for early, late in pairwise(told)]
    assert all(62 <= gap <= 90 for gap in gaps)
    assert len(told) >= 8


def test_rooms_do_not_blind_one_another() -> None:
    senses = Senses("h1", Chance.of(3))
    senses.moved(LOUNGE, 1000)
    senses.moved(HALLWAY, 1001)
    assert [event.place for event in take_all(senses)] == ["lounge", "hallway"]


def test_a_few_movements_are_missed() -> None:
    senses = Senses("h1", Chance.of(1))
    for number in range(5000):
        senses.moved(LOUNGE, 1000 + 100 * number)
    assert 0.92 < len(take_all(senses)) / 5000 < 0.96


def test_nobody_is_seen_out_of_doors() -> None:
    senses = Senses("h1", Chance.of(1))
    senses.moved(OUTSIDE, 1000)
    assert take_all(senses) == []


def test_what_lies_ahead_is_not_told_before_its_time() -> None:
    senses = Senses("h1", Chance.of(1))
    senses.door(FRIDGE, 1000, 30)
    assert seconds(take_all(senses, before=1000)) == []
    assert seconds(take_all(senses, before=1030)) == [1000]
    assert seconds(take_all(senses, before=1031)) == [1030]


def test_a_bed_tells_only_changes() -> None:
    senses = Senses("h1", Chance.of(1))
    for t, occupied in ((1, False), (2, True), (3, True), (4, False), (5, False)):
        senses.bed(t, occupied=occupied)
    assert [(event.at.timestamp(), event.value) for event in take_all(senses)] == [(2, 1), (4, 0)]


def test_a_dead_sensor_takes_back_what_it_had_still_to_say() -> None:
    senses = Senses("h1", Chance.of(1))
    senses.door(FRIDGE, 1000, 30)
    senses.kill(FRIDGE, 1010)
    assert seconds(take_all(senses)) == [1000]


def test_a_sensor_dies_once_and_at_the_earliest() -> None:
    senses = Senses("h1", Chance.of(1))
    senses.kill(BED, 500)
    senses.kill(BED, 900)
    senses.bed(700, occupied=True)
    assert take_all(senses) == []


def test_every_sensor_of_a_home_has_one_name_and_kind() -> None:
    assert len({role.sensor for role in SENSORS}) == len(SENSORS)
    with pytest.raises(ValueError, match="no sensor"):
        Senses("h1", Chance.of(1)).kill("cellar-pir", 0)
