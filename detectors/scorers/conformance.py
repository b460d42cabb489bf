"""A public examination for scorers: whoever passes may judge a person's days.

It asks for what :mod:`river.checks` does not: that a score is finite, that a day without some of
its measures is borne, and that the same days lived again make the same scorer, for that is how a
scorer survives a restart.
"""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from detectors.scorers.scorer import Scorer, Vector

Make = Callable[[], Scorer]
NAMES = tuple(f"measure_{number}" for number in range(12))
DAYS = 60


def check_scorer(make: Make) -> None:
    """Examines a scorer.

    Args:
        make: Makes a fresh one.

    Raises:
        AssertionError: It failed; the sentence says in what.
    """
    for check in CHECKS:
        check(make)


def days(number: int = DAYS, seed: int = 1) -> list[Vector]:
    """Ordinary days: measures with a spread of 1 around levels of their own."""
    rng = np.random.default_rng(seed)
    levels = np.linspace(2.0, 8.0, len(NAMES))
    return [
        dict(zip(NAMES, row, strict=True))
        for row in rng.normal(levels, 1.0, (number, len(NAMES))).tolist()
    ]


def odd(day: Vector, by: float = 8.0) -> Vector:
    """The same day with half of its measures far off, up and down by turns."""
    return {
        name: value + (by if number % 4 else -by) * (number % 2)
        for number, (name, value) in enumerate(day.items())
    }


def scoring_changes_nothing(make: Make) -> None:
    """A score asked twice is the same, and leaves later scores as they would have been."""
    asked, unasked = make(), make()
    for day in days():
        first = asked.score_one(day)
        _demand(asked.score_one(day) == first, "the same day is scored differently a second time")
        asked.learn_one(day)
        unasked.learn_one(day)
    last = days()[-1]
    _demand(asked.score_one(last) == unasked.score_one(last), "scoring changed the scorer")


def takes_nothing_from_its_caller(make: Make) -> None:
    """A vector is left as it was, and may be changed by its owner afterwards."""
    kept, changed = make(), make()
    for day in days():
        mine = dict(day)
        changed.score_one(mine)
        changed.learn_one(mine)
        _demand(mine == day, "a vector was changed")
        mine.clear()
        kept.learn_one(day)
    last = days()[-1]
    _demand(kept.score_one(last) == changed.score_one(last), "it keeps its caller's vectors")


def same_days_make_the_same_scorer(make: Make) -> None:
    """Days lived again, their measures in whatever order, give the same scores to the last bit."""
    one, other = make(), make()
    for day in days():
        one.learn_one(day)
        other.learn_one(dict(reversed(day.items())))
    for day in days(seed=2):
        there_and_back = dict(reversed(day.items()))
        _demand(
            one.score_one(day) == other.score_one(there_and_back), "the same days, another score"
        )


def scores_are_numbers(make: Make) -> None:
    """From the very first day, without measures, with few, with new ones, and far off."""
    scorer = make()
    lone = {NAMES[0]: 3.0}
    for number, day in enumerate(days()):
        some = dict(list(day.items())[: number % len(day) + 1])
        for vector in ({}, lone, some, {**day, "new": 1.0}, odd(day, 1e6)):
            _demand(isfinite(scorer.score_one(vector)), f"no finite score on day {number}")
        scorer.learn_one(some)


def odd_days_score_higher(make: Make) -> None:
    """Of days far off, nearly all score higher than nearly all ordinary days."""
    scorer, ordinary, far = make(), list[float](), list[float]()
    for number, day in enumerate(days(2 * DAYS)):
        if number >= DAYS:
            ordinary.append(scorer.score_one(day))
            far.append(scorer.score_one(odd(day)))
        scorer.learn_one(day)
    lower, upper = float(np.quantile(far, 0.1)), float(np.quantile(ordinary, 0.9))
    _demand(lower > upper, f"odd days score {lower:.3g}, ordinary ones {upper:.3g}")


CHECKS: Sequence[Callable[[Make], None]] = (
    scoring_changes_nothing,
    takes_nothing_from_its_caller,
    same_days_make_the_same_scorer,
    scores_are_numbers,
    odd_days_score_higher,
)


def _demand(good: bool, blame: str) -> None:
    """Asserts, also where Python runs without assertions."""
    if not good:
        raise AssertionError(blame)
