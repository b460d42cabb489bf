"""How many times a day something happens to one person: a count learned online.

Habits are steadier than chance: the bathroom visits of most people vary less than a Poisson
count, and those of some vary more. So the count of a part of a day follows a double Poisson
distribution: its mean is `level * exposure`, its variance `dispersion` times the mean, and both
are learned. Population priors give way to the person's own days within days. Old days fade, so
that the level follows the seasons. Extreme days are drawn in before they are learned, so that an
illness does not become the usual.

Source: Efron, Double Exponential Families and Their Use in Generalized Linear Regression, JASA
81, 1986.
"""

from collections.abc import Sequence
from math import exp, log, sqrt

import msgspec

from detectors.models.usual import DRAWN_IN, NINE_IN_TEN, Band, Prior

PERSISTENCE = 0.05
"""How far, among people in general, a day off the usual is followed by another."""
MOST_PERSISTENCE = 0.25
"""More is not believed: an illness, too, is a run of days off the usual."""
LEAST_MEAN = 0.05
"""No mean is believed to be smaller: what never happens may still happen once."""


class CountModel(msgspec.Struct, tag="count"):
    """One person's count of one thing in one part of the day.

    Attributes:
        seen, exposure: Faded sums of counts and of exposures.
        squares: Faded sum of squared errors, each divided by its expected mean.
        weight: Faded number of days.
        echo: Faded sum of products of an error and the one before, in standard deviations.
        error: The last error.
    """

    seen: float = 0.0
    exposure: float = 0.0
    squares: float = 0.0
    weight: float = 0.0
    echo: float = 0.0
    error: float = 0.0

    def level(self, prior: Prior) -> float:
        """The expected count at full exposure."""
        return (self.seen + prior.weight * prior.level) / (self.exposure + prior.weight)

    def dispersion(self, prior: Prior) -> float:
        """Variance divided by mean, as believed now."""
        believed = self.squares + prior.steadiness * prior.dispersion
        return believed / (self.weight + prior.steadiness)

    def persistence(self, prior: Prior) -> float:
        """How far a day off the usual is followed by another: their correlation, 0 to 0.25."""
        believed = (self.echo + prior.steadiness * PERSISTENCE) / (self.weight + prior.steadiness)
        return min(max(believed, 0.0), MOST_PERSISTENCE)

    def learn_one(self, count: float, exposure: float, prior: Prior) -> None:
        """Takes in one part of a day, `exposure` > 0 being the share of it that could be seen."""
        mean, spread = self._predictive(exposure, prior)
        reach = DRAWN_IN * sqrt(spread * mean)
        count = min(max(count, mean - reach), mean + reach)
        fade = exp(-1.0 / prior.memory)
        # An error holds our doubt about the level too; taken out, it is the person's own variance.
        own = self.dispersion(prior) / spread
        error = (count - mean) / sqrt(spread * mean)
        self.echo = fade * self.echo + error * self.error
        self.error = error
        self.squares = fade * self.squares + own * (count - mean) ** 2 / mean
        self.weight = fade * self.weight + 1.0
        self.seen = fade * self.seen + count
        self.exposure = fade * self.exposure + exposure

    def score_many(
        self, count: float, exposure: float, effects: Sequence[float], prior: Prior
    ) -> list[float]:
        """Log likelihood ratio of the usual mean times `effect` against it, for each effect > 0.

        Where days off the usual come in runs, each day of a run says less: the ratio is divided by
        the factor `(1 + rho) / (1 - rho)` by which such errors widen the variance of a sum.
        """
        mean, spread = self._predictive(exposure, prior)
        rho = self.persistence(prior)
        spread *= (1.0 + rho) / (1.0 - rho)
        return [(count * log(effect) - (effect - 1.0) * mean) / spread for effect in effects]

    def improbability(self, exposure: float, prior: Prior) -> float:
        """Minus the log probability that nothing happens in a part of a day."""
        mean, spread = self._predictive(exposure, prior)
        return mean / spread

    def band(self, exposure: float, prior: Prior) -> Band:
        """The usual count and the band of nine ordinary days in ten."""
        mean, spread = self._predictive(exposure, prior)
        root, reach = sqrt(mean), NINE_IN_TEN * sqrt(spread) / 2  # the root has an even variance
        return Band(mean, max(root - reach, 0.0) ** 2, (root + reach) ** 2)

    def _predictive(self, exposure: float, prior: Prior) -> tuple[float, float]:
        """Mean of the next count, and its variance by the mean, doubt about the level included."""
        mean = max(self.level(prior) * exposure, LEAST_MEAN)
        known = self.exposure + prior.weight
        return mean, self.dispersion(prior) * (1.0 + exposure / known)
