"""Intervals for shares and for rates, so that a figure says how far it can be trusted."""

from collections.abc import Callable
from math import exp, isfinite, lgamma, log, sqrt

import msgspec

Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % on either side."""
TAIL = 0.025
_ENOUGH = 1e-17
_ROUNDS = 80


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with the bounds of its 95 % interval, inclusive, in the same unit."""

    value: float
    low: float
    high: float


def wilson(hits: int, of: int) -> Interval | None:
    """A share with Wilson's score interval (JASA 22:209, 1927); None of nothing.

    Args:
        hits: How many of them, from 0 to `of`.
        of: How many there were.

    Raises:
        ValueError: There are more hits than that, or fewer than none.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    if of == 0:
        return None
    share, square = hits / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    reach = Z / (1 + square) * sqrt(share * (1 - share) / of + square / of / 4)
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == of else min(1.0, middle + reach)
    return Interval(value=share, low=low, high=high)


def poisson(count: int, exposure: float) -> Interval | None:
    """A rate with the exact Poisson interval (Garwood, Biometrika 28:437, 1936).

    Args:
        count: Events, at least 0.
        exposure: In what they were counted, such as person-months. None is the
            answer where it is not above 0.
    """
    if count < 0:
        raise ValueError(f"{count} events")
    if not (isfinite(exposure) and exposure > 0):
        return None
    low = 0.0 if count == 0 else _crossing(lambda mean: _at_least(count, mean) < TAIL, count)
    high = _crossing(lambda mean: _at_most(count, mean) > TAIL, count)
    return Interval(value=count / exposure, low=low / exposure, high=high / exposure)


def _crossing(below: Callable[[float], bool], count: int) -> float:
    """Where `below`, true of small means, turns false, by halving."""
    low, high = 0.0, count + 10 * sqrt(count + 1) + 10
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """The chance of `count` events or fewer."""
    if mean < count:
        return 1 - _at_least(count + 1, mean)
    term = total = _chance(count, mean)
    for number in range(count, 0, -1):
        term *= number / mean
        total += term
        if term < total * _ENOUGH:
            break
    return total


def _at_least(count: int, mean: float) -> float:
    """The chance of `count` events or more."""
    if mean > count:
        return 1 - _at_most(count - 1, mean)
    term = total = _chance(count, mean)
    number = count
    while term > total * _ENOUGH and total > 0:
        number += 1
        term *= mean / number
        total += term
    return total


def _chance(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    return exp(count * log(mean) - mean - lgamma(count + 1))
