"""Decoys: each is what it says and nothing else, so that what it causes is its own."""

from collections import Counter
from datetime import date

import msgspec
import numpy as np
import pytest

from contract import SensorEvent
from detectors.conformance.lifelike import START, lifelike_home
from detectors.features.places import EXITS
from detectors.learned import LEARNED
from detectors.moment import Calendar
from simulator.evaluation.contest import pack
from simulator.evaluation.decoys import absence, company, messages, sensors
from simulator.evaluation.decoys.clock import redated
from simulator.evaluation.decoys.decoy import DAY_S, Scene
from simulator.evaluation.decoys.made_up import PLANS, cold_drinks, lived
from simulator.evaluation.decoys.registry import DECOYS
from simulator.evaluation.decoys.summary import gap_rows, rows, summed
from simulator.evaluation.decoys.trial import DecoyResult, DecoyRun, DecoyTask, Gap, in_real_home
from simulator.evaluation.injection import time_of

LONDON = Calendar("Europe/London")
HOME = list(lifelike_home(45))
OTHER = [msgspec.structs.replace(e, home="other") for e in lifelike_home(45, seed=2)]


def scene(days: float = 5) -> Scene:
    start = LONDON.at(START.toordinal() + 25, 9)
    return Scene(HOME, LONDON, start, start + days * DAY_S, OTHER, np.random.default_rng(1))


def times(events: list[SensorEvent]) -> list[float]:
    return [time_of(event) for event in events]


def test_every_decoy_keeps_to_its_time_and_to_the_home() -> None:
    for decoy in DECOYS:
        one = scene(decoy.days)
        written = decoy.write(one)
        assert written is not None, decoy.name
        assert times(written) == sorted(times(written)), decoy.name
        assert {event.home for event in written} <= {HOME[0].home}, decoy.name
        late = [t for t in times(written) if not one.start <= t < one.end + messages.AFTER_S]
        assert not late, decoy.name


def test_who_is_away_leaves_by_the_door_and_moves_nothing_else() -> None:
    written = absence.nobody(scene(10))
    assert {event.place for event in written} <= EXITS
    assert len(written) == 4


def test_company_adds_to_what_the_person_did_and_takes_nothing() -> None:
    one = scene()
    mine = {(e.sensor, e.at) for e in one.within(HOME)}
    for write in (company.visitors, company.second_resident, company.pet):
        written = write(one)
        assert written is not None
        assert mine <= {(e.sensor, e.at) for e in written}
        assert len(written) > 1.05 * len(mine)
        assert {e.sensor for e in written} <= {e.sensor for e in HOME}


def test_visitors_come_in_the_afternoon() -> None:
    one = scene()
    mine = {(e.sensor, e.at) for e in one.within(HOME)}
    extra = [e for e in company.visitors(one) or [] if (e.sensor, e.at) not in mine]
    assert {int(LONDON.moment(time_of(e)).hour) for e in extra} <= set(company.VISIT)


def test_one_sensor_dies_and_the_others_go_on() -> None:
    one = scene(7)
    written = sensors.dead(one)
    assert written is not None
    before, after = (Counter(e.sensor for e in events) for events in (one.within(HOME), written))
    assert len(set(before) - set(after)) == 1
    assert all(after[name] == before[name] for name in after)


def test_a_battery_is_told_lower_and_lower_before_it_is_flat() -> None:
    written = sensors.flat_battery(scene(10)) or []
    told = [e.battery for e in written if e.battery is not None]
    assert told == sorted(told, reverse=True)
    assert told[0] > 15 > told[-1]


def test_faults_of_messages_lose_nothing_that_was_done() -> None:
    one = scene()
    mine = Counter((e.sensor, e.value) for e in one.within(HOME))
    for write in (messages.duplicated, messages.late, messages.replayed):
        assert not mine - Counter((e.sensor, e.value) for e in write(one))
    assert {e.quality for e in messages.late(one)} == {"ok", "late"}
    assert {e.quality for e in messages.replayed(one)} == {"ok", "replayed"}


@pytest.mark.parametrize("spring", [True, False])
def test_the_clock_changes_and_habits_keep_to_the_wall(spring: bool) -> None:
    found = redated(HOME, "Europe/London", spring=spring)
    changed = date.fromordinal(found.day)
    assert (changed.month, changed.weekday()) == (3 if spring else 10, 6)
    assert found.later % 7 == 0
    walls = [
        Counter((e.sensor, int(LONDON.moment(time_of(e)).second)) for e in events)
        for events in (HOME, found.events)
    ]
    # An hour of one day is missing or there twice; everything else is as it was.
    assert (walls[0] - walls[1]).total() < 0.01 * len(HOME)
    assert len(found.events) == len(HOME)


def test_a_made_up_home_is_the_same_until_the_decoy_begins() -> None:
    one = lived(1, 1, PLANS[0])
    before = [[e for e in events if time_of(e) < one.start] for events in (one.plain, one.changed)]
    assert before[0] == before[1]
    assert one.plain != one.changed


def test_cold_drinks_come_from_the_fridge() -> None:
    one = cold_drinks(1, 1)
    boils, opened = (
        [sum(e.place == place and time_of(e) >= one.start for e in events)
         for events in (one.plain, one.changed)]
        for place in ("kettle", "fridge")
    )  # fmt: skip
    assert boils[1] < boils[0]
    assert opened[1] == opened[0] + 2 * (boils[0] - boils[1])


def test_every_decoy_is_tried_in_a_home_and_a_long_gap_is_told() -> None:
    gap = LONDON.at(START.toordinal() + 6, 0), LONDON.at(START.toordinal() + 18, 0)
    holed = [e for e in lifelike_home(60) if not gap[0] <= time_of(e) < gap[1]]
    task = DecoyTask(HOME[0].home, pack(holed), pack(OTHER), [], LEARNED, 1, 1)
    found = in_real_home(task)
    names = {run.decoy for run in found.runs}
    assert names >= {decoy.name for decoy in DECOYS}
    assert "clock change in March" in names
    assert [round(one.days) for one in found.gaps] == [12]
    away = next(run for run in found.runs if run.decoy == "holiday")
    assert away.unanswered > 0.5 or away.technical
    dead = next(run for run in found.runs if run.decoy == "flat battery")
    assert "battery_low" in dead.technical


def test_a_decoy_that_often_alerts_is_told_so() -> None:
    runs = [DecoyRun("pet", f"h{n}", ["uti_risk"] if n < 2 else [], [], [], 0.0) for n in range(20)]
    gap = Gap("h1", "2014-01-01", 61.0, ["sensor_silent"])
    found = summed([DecoyResult(runs, [gap])])
    (pet,) = found.decoys
    assert (pet.borne, pet.enough, pet.advisory) == (0.9, False, {"uti_risk": 2})
    assert "too few" in rows(found)[1][0][2]
    assert gap_rows(found)[1] == [["h1", "2014-01-01", "61", "sensor_silent"]]
