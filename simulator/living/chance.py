"""Chance, drawn so that the same seed gives the same life on every machine and NumPy release.

Only the generator's plain doubles are drawn, in blocks; every other distribution is made from them
here, by tables whose entries are rounded, and what an exponential gives is rounded, too: its last
digit is the machine's, and would in the end decide something.
"""

from collections.abc import Sequence
from math import exp, floor, log
from statistics import NormalDist
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Array = NDArray[np.float64]

_BLOCK: Final = 128
_TABLE: Final = 4096
_WORD: Final = 2**32
_MIDDLES: Final = [(index + 0.5) / _TABLE for index in range(_TABLE)]
_NORMALS: Final = np.array(
    [round(min(max(NormalDist().inv_cdf(share), -3.0), 3.0), 9) for share in _MIDDLES]
)
_WAITS: Final = np.array([round(-log(1 - share), 9) for share in _MIDDLES])
_MILLION: Final = 1_000_000.0
_NO_TIE: Final = 0.499
_EXACT: Final = 1e6  # up to here a product by a million is off by a small part of a millionth


def rounded(value: float) -> float:
    """To a millionth: what an exponential gives, the same on every machine.

    The number that :func:`round` gives, in a third of its time where it is not near a tie.

    Args:
        value: From 0.
    """
    millionths = value * _MILLION
    if value < _EXACT:
        nearest = floor(millionths + 0.5)
        if -_NO_TIE < millionths - nearest < _NO_TIE:
            return nearest / _MILLION
    return round(value, 6)


def places(shares: Array) -> NDArray[np.int64]:
    """Where even draws of any shape lie in the tables of this module."""
    return (shares * _TABLE).astype(np.int64)


def spread_table(sigma: float) -> Array:
    """A log-normal about 1, by place; cut at three times `sigma`."""
    return np.array([rounded(exp(sigma * each)) for each in _NORMALS.tolist()])


def waits_table() -> Array:
    """Exponential waits of mean 1, by place."""
    return _WAITS


class Chance:
    """Draws from a generator of its own."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._shares: list[float] = []
        self._strays: list[float] = []
        self._normals: list[float] = []
        self._waits: list[float] = []

    @classmethod
    def of(cls, *seed: int) -> "Chance":
        """A stream of its own for any tuple of whole numbers from 0."""
        # Told apart by their length and in words of one size: NumPy drops zeros at the end, and
        # splits large numbers.
        words = [len(seed), *(word for number in seed for word in divmod(number, _WORD))]
        # An array is taken as it is; each number of a list is looked at for its size.
        small = max(words) < _WORD
        sequence = np.random.SeedSequence(np.array(words, np.uint32) if small else words)
        return cls(np.random.Generator(np.random.PCG64(sequence)))

    def share(self) -> float:
        """From 0 up to, not including, 1."""
        try:  # asked for some hundred times a day of every life: to try costs nothing
            return self._shares.pop()
        except IndexError:
            self._shares = self.shares(_BLOCK).tolist()
            return self._shares.pop()

    def between(self, low: float, high: float) -> float:
        """Evenly from `low` to `high`."""
        return low + (high - low) * self.share()

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self.share() < probability

    def wait(self, mean: float) -> float:
        """How long until the next of events that come at random, `mean` apart."""
        if not self._waits:
            self._waits = self.waits(_BLOCK).tolist()
        return mean * self._waits.pop()

    def around(self, mean: float, sd: float) -> float:
        """Normal, cut at three standard deviations."""
        return mean + sd * self._normal()

    def spread(self, median: float, sigma: float) -> float:
        """Log-normal about its median; `sigma` of the logarithm, cut at three."""
        if not self._strays:
            self._strays = self.normals(_BLOCK).tolist()
        return median * rounded(exp(sigma * self._strays.pop()))

    def factor(self, sigma: float) -> float:
        """Log-normal about 1; `sigma` of the logarithm, cut at three."""
        return rounded(exp(sigma * self._normal()))

    def count(self, mean: float) -> int:
        """Poisson, for means up to some tens."""
        limit, product, number = exp(-mean), self.share(), 0
        while product > limit:
            product *= self.share()
            number += 1
        return number

    def pick(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, by weight."""
        total = 0.0
        for _, weight in options:
            total += weight
        left = self.share() * total
        for option, weight in options:
            left -= weight
            if left < 0:
                return option
        return options[-1][0]

    def _normal(self) -> float:
        if not self._normals:
            self._normals = self._more_normals()
        return self._normals.pop()

    def _more_normals(self) -> list[float]:
        found: list[float] = self.normals(_BLOCK).tolist()
        return found

    def shares(self, number: int) -> Array:
        """So many at once, shape (number,); not to be mixed with single draws."""
        return self._generator.random(number)

    def normals(self, number: int) -> Array:
        """So many standard normals at once, shape (number,), cut at three."""
        return _NORMALS.take(places(self.shares(number)))

    def waits(self, number: int) -> Array:
        """So many exponential waits of mean 1 at once, shape (number,)."""
        return _WAITS.take(places(self.shares(number)))
