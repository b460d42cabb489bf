"""How something measured stands from day to day: a mean with its spread, learned online.

A day's value is normal around a level, with a variance that is learned beside it. As with counts,
population priors give way to the person's own days, old days fade, and extreme days are drawn in.
"""

from collections.abc import Sequence
from math import exp, sqrt

import msgspec

from detectors.models.usual import DRAWN_IN, NINE_IN_TEN, Band, Prior


class LevelModel(msgspec.Struct, tag="level"):
    """One person's usual of one measure.

    Attributes:
        total: Faded sum of values.
        weight: Faded number of days.
        squares: Faded sum of squared errors.
    """

    total: float = 0.0
    weight: float = 0.0
    squares: float = 0.0

    def level(self, prior: Prior) -> float:
        """The expected value."""
        return (self.total + prior.weight * prior.level) / (self.weight + prior.weight)

    def dispersion(self, prior: Prior) -> float:
        """Variance of a day's value around the level, as believed now."""
        believed = self.squares + prior.steadiness * prior.dispersion
        return believed / (self.weight + prior.steadiness)

    def learn_one(self, value: float, prior: Prior) -> None:
        """Takes in one day."""
        mean, variance = self._predictive(prior)
        reach = DRAWN_IN * sqrt(variance)
        value = min(max(value, mean - reach), mean + reach)
        fade = exp(-1.0 / prior.memory)
        own = self.dispersion(prior) / variance
        self.squares = fade * self.squares + own * (value - mean) ** 2
        self.total = fade * self.total + value
        self.weight = fade * self.weight + 1.0

    def score_many(self, value: float, effects: Sequence[float], prior: Prior) -> list[float]:
        """Log likelihood ratio of the level moved by `effect` against it, for each effect."""
        mean, variance = self._predictive(prior)
        return [effect * (value - mean - effect / 2) / variance for effect in effects]

    def band(self, prior: Prior) -> Band:
        """The usual value and the band of nine ordinary days in ten."""
        mean, variance = self._predictive(prior)
        reach = NINE_IN_TEN * sqrt(variance)
        return Band(mean, mean - reach, mean + reach)

    def _predictive(self, prior: Prior) -> tuple[float, float]:
        own = self.dispersion(prior)
        return self.level(prior), own * (1.0 + 1.0 / (self.weight + prior.weight))
