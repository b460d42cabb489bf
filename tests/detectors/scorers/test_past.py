"""The rank among a person's own days: what keeps the budget whatever the scorer and the person."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.scorers.past import ENOUGH, MOST, height, keep, rarity

scores = st.lists(st.floats(0, 100), min_size=ENOUGH, max_size=MOST)
DRAWS: dict[str, Callable[[np.random.Generator], float]] = {
    "normal": lambda rng: rng.normal(),
    "skewed": lambda rng: rng.exponential(),
    "bounded": lambda rng: rng.uniform(),
    "in steps": lambda rng: float(rng.integers(0, 6)),
}


@pytest.mark.parametrize("law", DRAWS)
@pytest.mark.parametrize("limit", [0.01, 0.03, 0.1])
def test_no_budget_is_overdrawn_whatever_the_scores_are_like(law: str, limit: float) -> None:
    rng = np.random.default_rng(5)
    told = judged = 0
    for _ in range(60):
        past: list[float] = []
        for _ in range(90):
            score = DRAWS[law](rng)
            if len(past) >= ENOUGH:
                judged += 1
                told += rarity(score, past) <= limit
            keep(past, score)
    assert told / judged <= 1.25 * limit


@given(scores, st.floats(0, 200), st.floats(0, 200))
def test_an_odder_day_is_never_told_as_commoner(
    past: list[float], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0 < rarity(high, past) <= rarity(low, past) <= 1


@given(scores)
def test_three_weeks_are_enough_for_a_budget_of_one_alert_in_a_hundred_days(
    past: list[float],
) -> None:
    if len(set(sorted(past)[-4:])) > 1:  # ties at the top tell nothing of a tail
        assert rarity(max(past) + 100 * (max(past) - min(past)), past) < 0.01


def test_old_scores_make_room() -> None:
    past: list[float] = []
    for number in range(MOST + 10):
        keep(past, float(number))
    assert past == [float(number) for number in range(10, MOST + 10)]


def test_the_limit_stands_in_the_middle_of_the_scale() -> None:
    assert height(0.02, 0.02) == pytest.approx(0.5)
    assert height(1.0, 0.02) == 0
    assert 0.5 < height(1e-6, 0.02) < height(0.0, 0.02) < 1
