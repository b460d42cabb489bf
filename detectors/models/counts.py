"""How many times a day something happens to one person: a count learned online.

Habits are steadier than chance: the bathroom visits of most people vary less than a Poisson
count, and those of some vary more. So the count of a part of a day follows a double Poisson
distribution: its mean is `level * exposure`, its variance `dispersion` times the mean, and both
are learned. Population priors give way to the person's own days within days. Old days fade, so
that the level follows the seasons. The latest days wait, and extreme ones are drawn in before they
are learned, so that an illness does not become the usual.

Source: Efron, Double Exponential Families and Their Use in Generalized Linear Regression, JASA
81, 1986.
"""

from collections.abc import Sequence
from math import exp, log, sqrt

import msgspec

from detectors.models.usual import DRAWN_IN, NINE_IN_TEN, Band, Prior

LEAST_MEAN = 0.05
"""No mean is believed to be smaller: what never happens may still happen once."""
ONE_HALF = 0.5
ENOUGH_DAYS = 8.0
"""Until so many days are known, each is learned at once."""
ALIKE = 2.0
"""Days resemble their neighbours: so many tell of the level what one by itself would."""


class CountModel(msgspec.Struct, tag="count"):
    """One person's count of one thing in one part of the day.

    Attributes:
        seen, exposure: Faded sums of counts and of exposures.
        squares: Faded sum of squared errors, each divided by its expected mean.
        weight: Faded number of days.
        waiting: The latest days, as counts and exposures, that are not learned yet.
    """

    seen: float = 0.0
    exposure: float = 0.0
    squares: float = 0.0
    weight: float = 0.0
    waiting: list[tuple[float, float]] = []

    def level(self, prior: Prior) -> float:
        """The expected count at full exposure."""
        return (self.seen + prior.weight * prior.level) / (self.exposure + prior.weight)

    def dispersion(self, prior: Prior) -> float:
        """Variance divided by mean, as believed now."""
        believed = self.squares + prior.steadiness * prior.dispersion
        return believed / (self.weight + prior.steadiness)

    def learn_one(self, count: float, exposure: float, prior: Prior) -> None:
        """Takes in one part of a day, `exposure` > 0 being the share of it that could be seen."""
        self.waiting.append((count, exposure))
        lag = prior.lag if self.weight >= ENOUGH_DAYS else 0
        while len(self.waiting) > lag:
            self._absorb(*self.waiting.pop(0), prior)

    def score_many(
        self, count: float, exposure: float, effects: Sequence[float], prior: Prior
    ) -> list[float]:
        """Log likelihood ratio of the usual mean times `effect` against it, for each effect > 0."""
        mean, spread = self._predictive(exposure, prior)
        return [(count * log(effect) - (effect - 1.0) * mean) / spread for effect in effects]

    def improbability(self, exposure: float, prior: Prior) -> float:
        """Minus the log probability that nothing happens in a part of a day."""
        mean, spread = self._predictive(exposure, prior)
        return mean / spread

    def doubt(self, keep: float) -> None:
        """What was usual may be so no more: its days keep this share of their weight, 0 to 1."""
        self.seen, self.exposure = keep * self.seen, keep * self.exposure
        self.squares, self.weight = keep * self.squares, keep * self.weight

    def information(self, effect: float, prior: Prior) -> float:
        """What one whole day on which the mean is `effect` times as high says for it, on average.

        The Kullback-Leibler divergence of such a day from a usual one, in nats.
        """
        mean, spread = self._predictive(1.0, prior)
        return mean * (effect * log(effect) - effect + 1.0) / spread

    def band(self, exposure: float, prior: Prior) -> Band:
        """The usual count and the band of nine ordinary days in ten."""
        mean, spread = self._predictive(exposure, prior)
        root, reach = sqrt(mean), NINE_IN_TEN * sqrt(spread) / 2  # the root has an even variance
        low = max(root - reach, 0.0) ** 2
        # A day without any is not below a band that reaches to a fraction of one.
        return Band(mean, low if low >= ONE_HALF else 0.0, (root + reach) ** 2)

    def surprise(self, count: float, exposure: float, prior: Prior) -> float:
        """How far a count is above the usual, in standard deviations, 0 or more."""
        band = self.band(exposure, prior)
        spread = max((band.high - band.usual) / NINE_IN_TEN, 1.0)
        return max((count - band.usual) / spread, 0.0)

    def _absorb(self, count: float, exposure: float, prior: Prior) -> None:
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

    def _predictive(self, exposure: float, prior: Prior) -> tuple[float, float]:
        """Mean of the next count, and its variance by the mean, doubt about the level included."""
        mean = max(self.level(prior) * exposure, LEAST_MEAN)
        known = self.exposure + prior.weight
        return mean, self.dispersion(prior) * (1.0 + ALIKE * exposure / known)
