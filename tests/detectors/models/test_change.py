"""The sequential test: its threshold is the budget of false alerts, and it forgets in good time."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.models.change import DAYS_A_MONTH, ShiryaevRoberts, score, threshold


def days_to_alert(rng: np.random.Generator, mean: float, limit: float) -> int:
    """Days until counts of that mean cross the limit, against a usual mean of 12."""
    change, day = ShiryaevRoberts(), 0
    while change.statistic < limit and day < 5000:
        day += 1
        count = rng.poisson(mean)
        ratios = [count * log(f) - (f - 1) * 12 for f in (1.25, 1.5, 2.0)]
        change.learn_one(ratios, 1.0, ceiling=1e9)
    return day


def test_false_alerts_come_no_oftener_than_the_budget_allows() -> None:
    rng = np.random.default_rng(1)
    limit = threshold(budget=1.0, ease=1.0)
    assert limit == pytest.approx(DAYS_A_MONTH)
    assert np.mean([days_to_alert(rng, 12.0, limit) for _ in range(300)]) >= DAYS_A_MONTH


def test_a_change_is_found_within_days() -> None:
    rng = np.random.default_rng(2)
    limit = threshold(budget=0.3, ease=1.0)
    assert np.mean([days_to_alert(rng, 18.0, limit) for _ in range(200)]) < 5
    assert np.mean([days_to_alert(rng, 24.0, limit) for _ in range(200)]) < 2.5


@given(st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=2), max_size=40))
def test_no_evidence_takes_it_beyond_its_ceiling(evidence: list[list[float]]) -> None:
    change = ShiryaevRoberts()
    for ratios in evidence:
        change.learn_one(ratios, 0.75, ceiling=100.0)
        assert 0 <= change.statistic <= 100.0 * (1 + 1e-9)


def test_a_form_of_illness_of_which_nothing_is_heard_does_not_grow_by_waiting() -> None:
    change = ShiryaevRoberts()
    for _ in range(1000):
        change.learn_one([None, -0.5], 1.0, ceiling=1e9)
    assert change.odds[0] == 0
    assert change.statistic < 3


@given(st.floats(0, 1e12), st.floats(2, 1e6))
def test_the_score_is_a_half_exactly_at_the_limit_and_rises(statistic: float, limit: float) -> None:
    assert score(limit, limit) == pytest.approx(0.5)
    assert 0 <= score(statistic, limit) < 1
    assert score(statistic, limit) <= score(statistic + 1, limit)


@given(st.floats(0.01, 30), st.floats(0.01, 30))
def test_a_smaller_budget_never_lowers_the_limit(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert threshold(low, 1.0) >= threshold(high, 1.0)
