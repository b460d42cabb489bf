"""How something measured stands from day to day: a mean with its spread, learned online.

A day's value is normal around a level that has a prior, with a variance learned beside it. Old days
fade. Extreme days are drawn in before they are learned.
"""

from collections.abc import Sequence
from math import exp, sqrt
from typing import NamedTuple

import msgspec

from detectors.models.counts import DRAWN_IN, NINE_IN_TEN, Band


class LevelPrior(NamedTuple):
    """What is believed of a measure before the first day, and how fast belief moves.

    Attributes:
        level: Expected value.
        weight: How many days that expectation is worth.
        variance: Variance of a day's value around the level, > 0.
        steadiness: How many days that variance is worth.
        memory: Days after which a day's say has faded to 1 / e.
    """

    level: float
    weight: float
    variance: float
    steadiness: float
    memory: float


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

    def level(self, prior: LevelPrior) -> float:
        """The expected value."""
        return (self.total + prior.weight * prior.level) / (self.weight + prior.weight)

    def variance(self, prior: LevelPrior) -> float:
        """Of a day's value around the level, as believed now."""
        believed = self.squares + prior.steadiness * prior.variance
        return believed / (self.weight + prior.steadiness)

    def learn_one(self, value: float, exposure: float, prior: LevelPrior) -> None:
        """Takes in one day. A measure does not grow with `exposure`; it is not used."""
        del exposure
        mean, variance = self._predictive(prior)
        reach = DRAWN_IN * sqrt(variance)
        value = min(max(value, mean - reach), mean + reach)
        fade = exp(-1.0 / prior.memory)
        own = self.variance(prior) / variance
        self.squares = fade * self.squares + own * (value - mean) ** 2
        self.total = fade * self.total + value
        self.weight = fade * self.weight + 1.0

    def score_many(
        self, value: float, exposure: float, effects: Sequence[float], prior: LevelPrior
    ) -> list[float]:
        """Log likelihood ratio of the level moved by `effect` against it, for each effect."""
        del exposure
        mean, variance = self._predictive(prior)
        return [effect * (value - mean - effect / 2) / variance for effect in effects]

    def band(self, exposure: float, prior: LevelPrior) -> Band:
        """The usual value and the band of nine ordinary days in ten."""
        del exposure
        mean, variance = self._predictive(prior)
        reach = NINE_IN_TEN * sqrt(variance)
        return Band(mean, mean - reach, mean + reach)

    def _predictive(self, prior: LevelPrior) -> tuple[float, float]:
        own = self.variance(prior)
        return self.level(prior), own * (1.0 + 1.0 / (self.weight + prior.weight))
