"""river's HalfSpaceTrees on the day's counts, scaled to the range of the days before."""

from copy import copy
from typing import Any, ClassVar, Self

import numpy as np

from simulator.evaluation.floors.daily import PARTS, Measure, Row
from simulator.evaluation.floors.floor import LEAST_DAYS, WINDOW, Flags, Limits

TREES = 25
HEIGHT = 6
DAYS_A_WINDOW = 14


class HalfSpaceTrees:
    """Scores the day, then learns it. A branch scores with what was learned before it."""

    name: ClassVar[str] = "river HalfSpaceTrees"
    limits: Limits = np.concatenate([np.linspace(0.3, 0.9, 25), np.linspace(0.91, 0.999, 45)])

    def __init__(self, measure: Measure) -> None:
        from river.anomaly import HalfSpaceTrees as Trees  # noqa: PLC0415 - takes seconds

        self._sign = measure.sign
        self._model = Trees(n_trees=TREES, height=HEIGHT, window_size=DAYS_A_WINDOW, seed=1)
        self._past: tuple[Row, ...] = ()
        self.frozen = False

    def step(self, row: Row) -> Flags | None:
        """Judges the day among those before it. Only the side that alarms is told."""
        past, self._past = self._past, (*self._past, row[:PARTS])[-WINDOW:]
        if len(past) < LEAST_DAYS:
            return None
        scaled = _scaled(np.array(past), row[:PARTS])
        features: dict[Any, float] = dict(enumerate(scaled.tolist()))
        score = self._model.score_one(features)
        if not self.frozen:
            self._model.learn_one(features)
        middle = float(np.median([day.sum() for day in past]))
        towards = self._sign * (float(row[:PARTS].sum()) - middle) > 0
        return np.asarray((score > self.limits) & towards)

    def branch(self) -> Self:
        """Goes on with the trees as they are."""
        other = copy(self)
        other.frozen = True
        return other


def _scaled(past: Row, row: Row) -> Row:
    """Into 0 to 1, as the trees want it, with room on either side of what has been."""
    low, high = past.min(axis=0), past.max(axis=0)
    room = np.maximum(high - low, 1.0)
    return np.asarray(np.clip((row - low + room / 2) / (2 * room), 0.0, 1.0))
