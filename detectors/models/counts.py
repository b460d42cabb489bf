"""How many times a day something happens to one person: a count learned online.

Habits are steadier than chance (a Poisson count's variance is its mean; the bathroom visits of most
people vary less than that), and some people vary more. So the count of a part of a day follows a double
Poisson distribution: mean `level * exposure`, variance `dispersion` times the mean, with both learned.
The level has a Gamma prior, which homes like this one give and the person's own days outweigh within
days. Old days fade, so that the level follows the seasons. Extreme days are drawn in before they are
learned, so that an illness does not become the usual.

Source: Efron, Double Exponential Families and Their Use in Generalized Linear Regression, JASA 81 (1986).
"""

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import NamedTuple

import msgspec

NINE_IN_TEN = 1.645
"""Standard deviations either side of the mean that hold nine normal values in ten."""
DRAWN_IN = 2.5
"""Standard deviations from the mean beyond which a day is drawn in before it is learned."""
LEAST_MEAN = 0.05
"""No mean is believed to be smaller: what never happens may still happen once."""


class CountPrior(NamedTuple):
    """What is believed of a count before the first day, and how fast belief moves.

    Attributes:
        level: Expected count at full exposure, > 0.
        weight: How many days that expectation is worth.
        dispersion: Variance divided by mean, > 0.
        steadiness: How many days that dispersion is worth.
        memory: Days after which a day's say has faded to 1 / e.
        doubt: Standard deviation, as a share of the level, by which the level itself wanders from day to day.
    """

    level: float
    weight: float
    dispersion: float
    steadiness: float
    memory: float
    doubt: float = 0.0


class Band(NamedTuple):
    """What is usual, and the ends of what nine ordinary days in ten hold."""

    usual: float
    low: float
    high: float


class CountModel(msgspec.Struct, tag="count"):
    """One person's count of one thing in one part of the day.

    Attributes:
        seen, exposure: Faded sums of counts and of exposures.
        squares: Faded sum of squared errors, each divided by its expected mean.
        weight: Faded number of days.
    """

    seen: float = 0.0
    exposure: float = 0.0
    squares: float = 0.0
    weight: float = 0.0

    def level(self, prior: CountPrior) -> float:
        """The expected count at full exposure."""
        return (self.seen + prior.weight * prior.level) / (self.exposure + prior.weight)

    def dispersion(self, prior: CountPrior) -> float:
        """Variance divided by mean, as believed now."""
        believed = self.squares + prior.steadiness * prior.dispersion
        return believed / (self.weight + prior.steadiness)

    def learn_one(self, count: float, exposure: float, prior: CountPrior) -> None:
        """Takes in one part of a day, `exposure` > 0 being the share of it that could be seen."""
        mean, spread = self._predictive(exposure, prior)
        reach = DRAWN_IN * sqrt(spread * mean)
        count = min(max(count, mean - reach), mean + reach)
        fade = exp(-1.0 / prior.memory)
        # An error holds our doubt about the level too; taken out, it is the person's own variance.
        own = self.dispersion(prior) / spread
        self.squares = fade * self.squares + own * (count - mean) ** 2 / mean
        self.weight = fade * self.weight + 1.0
        self.seen = fade * self.seen + count
        self.exposure = fade * self.exposure + exposure

    def score_many(
        self, count: float, exposure: float, factors: Sequence[float], prior: CountPrior
    ) -> list[float]:
        """Log likelihood ratio of `factor` times the usual level against it, for each factor."""
        mean, spread = self._predictive(exposure, prior)
        return [(count * log(factor) - (factor - 1.0) * mean) / spread for factor in factors]

    def band(self, exposure: float, prior: CountPrior) -> Band:
        """The usual count and the band of nine ordinary days in ten."""
        mean, spread = self._predictive(exposure, prior)
        root, reach = sqrt(mean), NINE_IN_TEN * sqrt(spread) / 2  # the root has an even variance
        return Band(mean, max(root - reach, 0.0) ** 2, (root + reach) ** 2)

    def _predictive(self, exposure: float, prior: CountPrior) -> tuple[float, float]:
        """Mean of the next count and its variance over the mean, our doubt about the level included."""
        mean = max(self.level(prior) * exposure, LEAST_MEAN)
        own = self.dispersion(prior)
        known = self.exposure + prior.weight
        return mean, own + own * exposure / known + prior.doubt**2 * mean
