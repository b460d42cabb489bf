"""Chance, drawn so that the same seed gives the same life on every machine and NumPy release.

Only the generator's plain doubles are drawn, in blocks; every other distribution is made from them
here. NumPy promises no more than that those stay, and single draws from it cost ten times as much.
"""

from collections.abc import Sequence
from math import cos, exp, log, pi, sqrt
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 512


class Chance:
    """Draws from a generator of its own."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._block: list[float] = []

    @classmethod
    def of(cls, *seed: int) -> "Chance":
        """A stream of its own for any tuple of whole numbers from 0."""
        return cls(np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed))))

    def share(self) -> float:
        """From 0 up to, not including, 1."""
        if not self._block:
            self._block = self._generator.random(_BLOCK).tolist()
        return self._block.pop()

    def between(self, low: float, high: float) -> float:
        """Evenly from `low` to `high`."""
        return low + (high - low) * self.share()

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self.share() < probability

    def wait(self, mean: float) -> float:
        """How long until the next of events that come at random, `mean` apart."""
        return -mean * log(1 - self.share())

    def around(self, mean: float, sd: float) -> float:
        """Normal, cut at three standard deviations."""
        z = sqrt(-2 * log(1 - self.share())) * cos(2 * pi * self.share())
        return mean + sd * min(max(z, -3.0), 3.0)

    def spread(self, median: float, sigma: float) -> float:
        """Log-normal about its median; `sigma` of the logarithm, cut at three."""
        return median * exp(self.around(0, sigma))

    def count(self, mean: float) -> int:
        """Poisson, for means up to some tens."""
        limit, product, number = exp(-mean), self.share(), 0
        while product > limit:
            product *= self.share()
            number += 1
        return number

    def pick(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, by weight."""
        left = self.share() * sum(weight for _, weight in options)
        for option, weight in options:
            left -= weight
            if left < 0:
                return option
        return options[-1][0]
