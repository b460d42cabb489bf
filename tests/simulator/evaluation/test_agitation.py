"""Agitation: nothing of an hour is used before it is over, and a rate alone is the baseline."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.conformance.lifelike import START, lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.agitation import area, predict, read_notes
from simulator.evaluation.homes import Homes

LONDON = Calendar("Europe/London")


def homes(days: int = 20) -> Homes:
    return {
        name: [msgspec.structs.replace(e, home=name) for e in lifelike_home(days, seed=seed)]
        for name, seed in (("tihm-a", 1), ("tihm-b", 2))
    }


def test_notes_are_read_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("patient_id,date,type\na,2019-06-01 12:00:00,Agitation\na,x,Pulse\n")
    (when,) = read_notes(path)["tihm-a"]
    assert LONDON.moment(when).hour == 12
    path.write_text("one,two\n1,2\n")
    with pytest.raises(KeyError):
        read_notes(path)


def test_the_area_is_one_of_a_perfect_score_and_the_base_rate_of_none() -> None:
    noted = np.array([True, False, False, True, False])
    assert area(noted, noted.astype(float)) == 1.0
    assert area(noted, np.ones(5)) == pytest.approx(0.4)
    assert area(np.zeros(5, bool), np.ones(5)) == 0.0


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), min_size=1))
def test_the_order_of_ties_changes_nothing(found: list[tuple[bool, float]]) -> None:
    noted, scores = np.array([n for n, _ in found]), np.array([s for _, s in found])
    assert area(noted, scores) == pytest.approx(area(noted[::-1], scores[::-1]))


def test_what_comes_later_changes_no_earlier_answer() -> None:
    start = LONDON.at(START.toordinal() + 10, 6)
    notes = {"tihm-a": [start + 60.0]}
    short, long = (predict(homes(days), notes, 1) for days in (12, 14))
    assert (short.people, short.notes, long.notes) == (2, 1, 1)
    assert short.blocks < long.blocks
    assert 0 < short.base < 0.02


def test_one_who_is_often_noted_raises_the_baseline() -> None:
    first = START.toordinal()
    often = [LONDON.at(first + day, 14) for day in range(4, 20)]
    found = predict(homes(), {"tihm-a": often}, 1)
    assert found.notes == len(often)
    assert found.baseline.value > 2 * found.base
    assert found.ours.value > found.base
