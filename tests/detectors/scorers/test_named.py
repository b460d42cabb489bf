"""Scorers by name: any of river's will do, a slip is told, and nobody pays for all of them."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from detectors.profile import Setting, UnusualDay
from detectors.scorers.conformance import CHECKS, check_scorer, days, odd, odd_days_score_higher
from detectors.scorers.conformance import Make as MakeScorer
from detectors.scorers.named import DRIFTS, SCORERS, make_drift, make_scorer, problem

SEES_MORE_ALONE = "OneClassSVM"
"""A plane through the days: it tells more of everything from less, not both from the usual."""


def cases() -> list[tuple[str, Callable[[MakeScorer], None]]]:
    return [
        (name, check)
        for name in SCORERS
        for check in CHECKS
        if (name, check) != (SEES_MORE_ALONE, odd_days_score_higher)
    ]


@pytest.mark.parametrize(("name", "check"), cases())
def test_every_scorer_of_rivers_may_judge_a_persons_days(
    name: str, check: Callable[[MakeScorer], None]
) -> None:
    check(lambda: make_scorer(UnusualDay(scorer=name)))


def test_the_one_that_sees_only_more_is_known_as_such() -> None:
    with pytest.raises(AssertionError, match="odd days score"):
        check_scorer(lambda: make_scorer(UnusualDay(scorer=SEES_MORE_ALONE)))
    scorer = make_scorer(UnusualDay(scorer=SEES_MORE_ALONE))
    for day in days():
        scorer.learn_one(day)
    day = days(seed=2)[0]
    more = {name: value + 4 for name, value in day.items()}
    assert scorer.score_one(more) > scorer.score_one(day)


@pytest.mark.parametrize("name", DRIFTS)
def test_every_drift_detector_finds_a_step_and_lets_a_steady_life_be(name: str) -> None:
    steady, stepped = (make_drift(UnusualDay(drift=name)) for _ in range(2))
    assert steady is not None
    assert stepped is not None
    found = [False, False]
    for number, day in enumerate(days(90)):
        value = day["measure_0"] - days(1)[0]["measure_0"]
        steady.update(value)
        stepped.update(value + (3 if number >= 50 else 0))
        found = [found[0] or steady.drift_detected, found[1] or stepped.drift_detected]
    assert found == [False, True]


def test_drift_need_not_be_watched() -> None:
    assert make_drift(UnusualDay(drift="none")) is None
    assert problem(UnusualDay(drift="none")) is None


SLIPS: list[tuple[dict[str, object], str, str]] = [
    ({"scorer": "IsolationForest"}, "scorer", "possible are RobustScorer, HalfSpaceTrees, LODA"),
    ({"scorer": "GaussianScorer"}, "scorer", "needs more than a vector to score; possible are"),
    ({"scorer": "PredictiveAnomalyDetection"}, "scorer", "needs more than a vector"),
    ({"scorer": "QuantileFilter"}, "scorer", "needs more than a vector"),
    ({"drift": "DDM"}, "drift", "possible are ADWIN, PageHinkley, KSWIN, none"),
    ({"parameters": {"trees": 5}}, "parameters", "possible are memory (45.0), freedom (3.0)"),
    (
        {"scorer": "HalfSpaceTrees", "parameters": {"window_size": 250}},
        "parameters",
        "window_size of HalfSpaceTrees is a whole number up to 63, not 250",
    ),
    (
        {"scorer": "HalfSpaceTrees", "parameters": {"n_trees": "many"}},
        "parameters",
        "a whole number up to 500, not 'many'",
    ),
    ({"scorer": "HalfSpaceTrees", "parameters": {"height": 30}}, "parameters", "up to 10"),
    ({"drift_parameters": {"delta": "small"}}, "drift_parameters", "delta of ADWIN is a number"),
    (
        {"drift": "PageHinkley", "drift_parameters": {"mode": "sideways"}},
        "drift_parameters",
        "PageHinkley refuses its parameters: Invalid 'mode'",
    ),
]


@pytest.mark.parametrize(("slip", "key", "says"), SLIPS)
def test_a_slip_is_told_with_what_is_possible(
    slip: dict[str, Setting], key: str, says: str
) -> None:
    found = problem(UnusualDay(**slip))  # type: ignore[arg-type]  # the keys are fields
    assert found is not None
    assert found[0] == key
    assert says in found[1]
    assert "\n" not in found[1]


def test_a_choice_that_will_do_is_taken() -> None:
    for name in SCORERS:
        assert problem(UnusualDay(scorer=name)) is None
    assert problem(UnusualDay(scorer="HalfSpaceTrees", parameters={"n_trees": 10})) is None


CHEAP = ("HalfSpaceTrees", "LODA", "LocalOutlierFactor")


def test_a_hub_that_names_one_model_does_not_load_them_all() -> None:
    code = (
        "import sys; from detectors.profile import UnusualDay;"
        "from detectors.scorers.named import make_scorer, make_drift;"
        f"[make_scorer(UnusualDay(scorer=name)) for name in {CHEAP}];"
        "[make_drift(UnusualDay(drift=name)) for name in ('ADWIN', 'PageHinkley')];"
        "heavy = {'scipy.stats', 'pandas', 'river.anomaly', 'river.drift', 'river.tree'};"
        "print(sorted(heavy & set(sys.modules)));"
        "import river.anomaly, river.drift, river.tree;"
        "print(type(river.anomaly.HalfSpaceTrees()).__module__, type(river.drift.ADWIN()).__name__)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.split("\n")[:2] == ["[]", "river.anomaly.hst ADWIN"]


def test_odd_days_are_odd_to_the_default_too() -> None:
    scorer = make_scorer(UnusualDay())
    for day in days():
        scorer.learn_one(day)
    assert scorer.score_one(odd(days(seed=2)[0])) > 2 * scorer.score_one(days(seed=2)[0])
