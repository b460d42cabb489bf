"""Our scorer, before river's own examination and before ours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from river import checks

from detectors.scorers.conformance import CHECKS, days, odd
from detectors.scorers.conformance import Make as MakeScorer
from detectors.scorers.robust import MOST_MEASURES, RobustScorer

EVERY = 25


def labelled(_model: object, scale: int = 1) -> Iterator[list[tuple[dict[str, float], bool]]]:
    """A stream of days, one in some odd. River's own is fetched from a site; tests have no net."""
    yield [
        (odd(day) if i % EVERY == EVERY - 1 else day, i % EVERY == EVERY - 1)
        for i, day in enumerate(days(200 * scale))
    ]


def rivers_checks() -> list[Callable[[Any], None]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "_yield_datasets", labelled)
        return list(checks.yield_checks(RobustScorer()))


@pytest.mark.parametrize("check", rivers_checks(), ids=lambda check: check.__name__)
def test_it_may_stand_wherever_river_takes_an_anomaly_detector(
    check: Callable[[Any], None],
) -> None:
    check(RobustScorer().clone())


def test_river_asks_for_what_matters_here() -> None:
    asked = {check.__name__ for check in rivers_checks()}
    assert asked >= {
        "check_pickling",
        "check_disappearing_features",
        "check_bounded_memory_growth",
        "check_predict_one_pure",
        "check_roc_auc",
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_may_judge_a_persons_days(check: Callable[[MakeScorer], None]) -> None:
    check(RobustScorer)


def test_one_wild_measure_weighs_less_than_many_that_moved_together() -> None:
    scorer = RobustScorer()
    for day in days():
        scorer.learn_one(day)
    day = days(seed=3)[0]
    one_wild = day | {"measure_0": day["measure_0"] + 30}
    many = {name: value + 3 for name, value in day.items()}
    assert scorer.score_one(many) > scorer.score_one(one_wild)


def test_a_week_of_illness_does_not_become_the_usual() -> None:
    scorer = RobustScorer()
    for day in days():
        scorer.learn_one(day)
    before = scorer.band("measure_1")
    for day in days(7, seed=4):
        scorer.learn_one(odd(day))
    after = scorer.band("measure_1")
    assert before is not None
    assert after is not None
    assert after.usual - before.usual < 1  # of the 8 that it was moved by


def test_a_measure_that_is_hardly_known_has_no_say() -> None:
    scorer = RobustScorer()
    scorer.learn_one({"visits": 6})
    scorer.learn_one({"visits": 6})
    assert scorer.score_one({"visits": 600}) == 0


def test_names_without_end_do_not_fill_the_memory() -> None:
    scorer = RobustScorer()
    for number in range(2000):
        scorer.learn_one({f"ghost_{number}": 1.0})
    assert sum(scorer.band(f"ghost_{n}") is not None for n in range(2000)) == MOST_MEASURES
