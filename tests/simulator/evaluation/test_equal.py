"""Equal false alerts: a floor may choose its limit, and still must be beaten home by home."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.evaluation.equal import against, at_equal, best, curve
from simulator.evaluation.measures import (
    FloorResult,
    HomeResult,
    Tally,
    Trial,
    tally,
    tally_floor,
    weights,
)

LIMITS = np.array([1.0, 2.0, 3.0])


def ours(name: str, alerts: int, hits: int) -> HomeResult:
    trials = [Trial("strong", 3600.0 if n < hits else None, chance=False) for n in range(10)]
    return HomeResult(name, alerts, 30, 30, 30, trials=trials)


def floor(name: str, alerts: list[int], hits: list[int]) -> FloorResult:
    delays = np.full((10, 3), np.nan)
    for limit, count in enumerate(hits):
        delays[:count, limit] = 86_400.0
    return FloorResult(
        name,
        LIMITS,
        np.array(alerts, float),
        30,
        30,
        delays={"strong": delays},
        chances={"strong": np.zeros((10, 3))},
    )


def sides() -> tuple[Tally, Tally]:
    mine = tally([ours(f"h{n}", 1, 9) for n in range(12)])
    theirs = tally_floor([floor(f"h{n}", [3, 1, 0], [10, 6, 2]) for n in range(12)])
    return mine, theirs


def test_the_floor_is_taken_where_it_raises_as_many() -> None:
    found = against(*sides(), np.random.default_rng(1), 200)
    assert found.share["strong"] == pytest.approx(0.6)
    assert found.difference["strong"].value == pytest.approx(0.3)
    assert found.difference["strong"].low > 0
    assert found.delay["strong"] == pytest.approx(86_400)
    assert best({"one": found}, "strong") == "one"


def test_between_two_limits_it_finds_what_lies_between() -> None:
    rates, shares = np.array([3.0, 1.0, 0.0]), np.array([1.0, 0.6, 0.2])
    assert at_equal(rates, shares, 2.0) == pytest.approx(0.8)
    assert at_equal(rates, shares, 9.0) == 1.0


@given(
    st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0, 6),
    st.floats(0, 6),
)
def test_more_false_alerts_never_find_less(
    points: list[tuple[float, float]], one: float, other: float
) -> None:
    rates, shares = np.array(points).T
    low, high = sorted((one, other))
    assert at_equal(rates, shares, low) <= at_equal(rates, shares, high) + 1e-12


def test_a_detector_beside_itself_is_no_better() -> None:
    same = tally([ours(f"h{n}", n % 2, 5 + n % 3) for n in range(12)])
    found = against(same, same, np.random.default_rng(1), 100).difference["strong"]
    assert found.value == pytest.approx(0)
    assert found.low <= 0 <= found.high


def test_a_curve_tells_every_limit() -> None:
    points = curve(LIMITS, sides()[1])
    assert [point.limit for point in points] == [1, 2, 3]
    assert [point.share["strong"] for point in points] == [1.0, 0.6, 0.2]


def test_each_resampling_draws_as_many_homes_as_there_are() -> None:
    assert (weights(7, np.random.default_rng(1), 50).sum(axis=1) == 7).all()
