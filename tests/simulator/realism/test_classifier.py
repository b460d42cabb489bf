"""The learner: it sees no home twice, finds a difference that is there, and none that is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from simulator.realism.classifier import (
    Contest,
    Dealing,
    auc,
    deal,
    enter,
    folds,
    judge,
    telling_alone,
    tells,
)
from simulator.realism.daily import by_day, vectors
from simulator.realism.homes import observe
from tests.simulator.realism.people import town

SENSORS = ("bathroom", "kitchen", "fridge")


def entered(*, busy: float = 1.0, pause: float = 70.0) -> Contest:
    real = observe(town(10, seed=1, days=20))
    made_up = observe(town(14, seed=2, days=26, busy=busy, pause=pause))
    return enter(vectors(real, SENSORS), vectors(made_up, SENSORS), np.random.default_rng(3))


@pytest.fixture(scope="module")
def alike() -> tuple[Contest, Dealing]:
    contest = entered()
    return contest, deal(contest, 1)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans(), st.integers(1, 4)), min_size=2))
def test_auc_is_that_of_the_library_ties_and_weights_included(
    days: list[tuple[int, bool, int]],
) -> None:
    scores, sides, weights = (np.array(column) for column in zip(*days, strict=True))
    if sides.all() or not sides.any():
        return
    found = auc(scores.astype(float), sides, weights[None, :].astype(float))
    assert found[0] == pytest.approx(roc_auc_score(sides, scores, sample_weight=weights))


def test_every_home_takes_part_with_as_many_days_as_the_shortest_has(
    alike: tuple[Contest, Dealing],
) -> None:
    contest, _ = alike
    assert contest.homes == (10, 14)
    assert contest.days == 18
    assert np.bincount(contest.home).tolist() == [18] * 24


def test_no_home_is_judged_by_a_learner_that_has_seen_it(alike: tuple[Contest, Dealing]) -> None:
    contest, dealing = alike
    judged = []
    for learned, kept in dealing.parts:
        assert not set(contest.home[learned]) & set(contest.home[kept])
        assert len(set(contest.made_up[kept])) == 2
        judged += kept.tolist()
    assert sorted(judged) == list(range(len(contest.home)))
    assert [a.tolist() for _, a in folds(contest, 2)] != [b.tolist() for _, b in dealing.parts]


def test_homes_of_one_kind_are_not_told_apart(alike: tuple[Contest, Dealing]) -> None:
    contest, dealing = alike
    verdict = judge(contest, [dealing])
    assert 0.35 < verdict.auc < 0.65
    low, high = verdict.auc_interval
    assert low < 0.5 < high


def test_a_difference_is_found_and_named() -> None:
    contest = entered(pause=80)
    dealing = deal(contest, 1)
    verdict = judge(contest, [dealing])
    assert verdict.auc > 0.85
    assert verdict.home_auc > 0.9
    assert verdict.auc_interval[0] > 0.7
    foremost = tells(contest, dealing, 2, np.random.default_rng(1))[0]
    assert any(word in foremost.feature for word in ("interval", "stay", "between"))
    assert foremost.importance > 0.005
    alone = telling_alone(contest)[0]
    assert alone.alone > 0.75
    assert alone.simulated > alone.real


def test_the_same_seed_gives_the_same_scores(alike: tuple[Contest, Dealing]) -> None:
    contest, dealing = alike
    assert (deal(contest, 1).scores == dealing.scores).all()


def test_quantiles_of_a_day_are_of_that_day_and_missing_on_days_without() -> None:
    values, day = np.array([5.0, 1, 3, 9, 7]), np.array([0, 0, 0, 2, 2])
    assert by_day(values, day, 3, 0.5).tolist()[::2] == [3, 7]
    assert by_day(values, day, 3, 0).tolist()[::2] == [1, 7]
    assert by_day(values, day, 3, 1).tolist()[::2] == [5, 9]
    assert np.isnan(by_day(values, day, 3, 0.5)[1])


def test_a_sensor_that_may_not_tell_is_in_no_feature() -> None:
    found = vectors(observe(town(2, seed=1, days=20)), ("bathroom", "kitchen"))
    assert not [name for name in found.names if "hallway" in name or "fridge" in name]
    whole = vectors(observe(town(2, seed=1, days=20)))
    column, other = (one.values[:, one.names.index("all")] for one in (found, whole))
    assert (column < other).all()
