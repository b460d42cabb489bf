"""Shiryaev-Roberts over three severities of negative-binomial counts by night and by day."""

from copy import copy
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from simulator.evaluation.floors.daily import NIGHT, PARTS, Measure, Row
from simulator.evaluation.floors.floor import LEAST_DAYS, WINDOW, Flags, Limits

LEAST_MEAN = 0.3
POISSON = 1e3
"""The size at which a negative binomial is as good as Poisson."""
CEILING = 1.1
"""The statistic stops at so many times the limit, and an alert clears at half of it."""
CLEARS = 0.5


class NegativeBinomial:
    """Multiplies up the odds that a change of some severity began on an earlier day."""

    name: ClassVar[str] = "negative-binomial Shiryaev-Roberts"
    limits: Limits = np.geomspace(1.5, 5000.0, 40)

    def __init__(self, measure: Measure) -> None:
        self._parts = [(slice(NIGHT, NIGHT + 1), measure.nights)] if measure.nights else []
        self._parts.append((slice(NIGHT + 1, PARTS), measure.days))
        self._past: tuple[tuple[float, ...], ...] = ()
        self._odds = np.zeros((len(self.limits), len(measure.days)))
        self._open = np.zeros(len(self.limits), bool)

    def step(self, row: Row) -> Flags | None:
        """Judges the day by the weeks before, then keeps it."""
        counts = tuple(float(row[part].sum()) for part, _ in self._parts)
        past, self._past = self._past, (*self._past, counts)[-WINDOW:]
        if len(past) < LEAST_DAYS:
            return None
        ratios = np.zeros(self._odds.shape[1])
        for count, days, (_, factors) in zip(
            counts, zip(*past, strict=True), self._parts, strict=True
        ):
            ratios += log_ratios(count, np.array(days), np.array(factors))
        odds = (self._odds + 1.0) * np.exp(ratios)
        statistic = odds.mean(axis=1)
        self._odds = odds * np.minimum(CEILING * self.limits / statistic, 1.0)[:, None]
        raised = statistic >= np.where(self._open, CLEARS, 1.0) * self.limits
        self._odds[self._open & ~raised] = 0.0  # another alert needs evidence of its own
        self._open = raised
        return np.asarray(raised)

    def branch(self) -> Self:
        """One that goes on by itself: each day makes its arrays anew."""
        return copy(self)


def log_ratios(
    count: float, past: NDArray[np.float64], factors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log likelihood ratio of the mean times each factor against the mean of the past days."""
    mean = max(float(past.mean()), LEAST_MEAN)
    excess = float(past.var(ddof=1)) - mean
    size = min(mean * mean / excess, POISSON) if excess > 0 else POISSON
    return np.asarray(
        count * np.log(factors) - (count + size) * np.log((mean * factors + size) / (mean + size))
    )
