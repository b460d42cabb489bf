"""Budget kept: a centre that asks for few alerts is told whether it got few, in every home."""

import numpy as np
import pytest

from simulator.evaluation.budget_kept import Kept, all_kept, kept
from simulator.evaluation.measures import HomeResult, tally
from simulator.evaluation.summary import summarise


def of(alerts: list[int], asked: float, days: int = 304) -> Kept:
    homes = [HomeResult(str(n), count, days, days, days) for n, count in enumerate(alerts)]
    return kept(summarise(homes, np.random.default_rng(1), budget=asked), tally(homes))


def test_what_came_is_set_beside_what_was_asked() -> None:
    exact = of([5, 5, 5], 0.5)
    assert exact.ratio.value == pytest.approx(1.0, rel=0.01)
    assert exact.within
    assert not exact.above
    assert not of([9, 9, 9], 0.5).within


def test_one_home_with_far_too_many_is_seen_though_the_mean_is_kept() -> None:
    found = of([0, 0, 0, 0, 25], 0.5)
    assert found.within
    assert found.above == 1
    assert found.worst == pytest.approx(5, rel=0.01)
    assert not all_kept({"one": found})


def test_a_single_alert_in_a_short_recording_is_to_be_expected() -> None:
    short = of([1, 0, 0], 0.1, days=40)
    assert short.above == 1
    assert 0.2 < short.above_by_chance < 0.5
    assert of([0], 0.1, days=3040).above_by_chance < 0.02
