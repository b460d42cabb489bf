"""scikit-learn's isolation forest on the day's counts, grown anew each week."""

from copy import copy
from typing import Any, ClassVar, Self

import numpy as np

from simulator.evaluation.floors.daily import PARTS, Measure, Row
from simulator.evaluation.floors.floor import Flags, Limits

TREES = 50
LEAST_DAYS = 14
WINDOW = 60
AGAIN_DAYS = 7


class IsolationForest:
    """Scores the day with the forest of the last week. A branch keeps the forest that it has."""

    name: ClassVar[str] = "isolation forest, weekly"
    limits: Limits = np.linspace(0.4, 0.8, 61)

    def __init__(self, measure: Measure) -> None:
        self._sign = measure.sign
        self._past: tuple[Row, ...] = ()
        self._forest: Any = None
        self._age = AGAIN_DAYS
        self.frozen = False

    def step(self, row: Row) -> Flags | None:
        """Judges the day among those before it. Only the side that alarms is told."""
        past, self._past = self._past, (*self._past, row[:PARTS])[-WINDOW:]
        if len(past) < LEAST_DAYS:
            return None
        self._grow(past)
        score = -float(self._forest.score_samples(row[None, :PARTS])[0])
        middle = float(np.median([day.sum() for day in past]))
        towards = self._sign * (float(row[:PARTS].sum()) - middle) > 0
        return np.asarray((score > self.limits) & towards)

    def branch(self) -> Self:
        """Goes on with the forest as it is."""
        other = copy(self)
        other.frozen = self._forest is not None
        return other

    def _grow(self, past: tuple[Row, ...]) -> None:
        if self.frozen or self._age < AGAIN_DAYS:
            self._age += 1
            return
        from sklearn.ensemble import IsolationForest as Forest  # noqa: PLC0415 - takes seconds

        self._forest = Forest(n_estimators=TREES, random_state=1).fit(np.array(past))
        self._age = 1
