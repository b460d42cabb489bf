"""How far apart two samples of homes are, and how far chance alone would put them."""

from typing import NamedTuple

import numpy as np

from simulator.realism.clock import Floats

RESAMPLES = 999


class Gap(NamedTuple):
    """Two samples apart.

    Attributes:
        wasserstein: Area between the two distribution functions, in the unit of the values.
        ks: Greatest difference of the two distribution functions, 0 to 1.
    """

    wasserstein: Floats
    ks: Floats


def quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> list[float]:
    """Weighted quantiles, NaN where there is no value.

    Half of a value's weight lies below it and values in between are interpolated, which for equal
    weights is Hazen's rule.
    """
    if not len(values):
        return [float("nan")] * len(shares)
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    middle = np.cumsum(share) - share / 2
    return [float(np.interp(wanted, middle, values[order])) for wanted in shares]


def gap(real: Floats, simulated: Floats, real_weights: Floats, simulated_weights: Floats) -> Gap:
    """Distance between the samples under each row of weights.

    Args:
        real: Shape (n,).
        simulated: Shape (m,).
        real_weights: Shape (k, n), each row above zero somewhere.
        simulated_weights: Shape (k, m), likewise.

    Returns:
        Both distances, shape (k,).
    """
    values = np.concatenate([real, simulated])
    order = np.argsort(values, kind="stable")
    signed = np.hstack(
        [
            real_weights / real_weights.sum(axis=1, keepdims=True),
            -simulated_weights / simulated_weights.sum(axis=1, keepdims=True),
        ]
    )[:, order]
    steps = np.diff(values[order])
    apart = np.abs(np.cumsum(signed, axis=1)[:, :-1])
    return Gap(apart @ steps, np.max(apart * (steps > 0), axis=1, initial=0.0))


def bootstrap_weights(
    weights: Floats, rng: np.random.Generator, resamples: int = RESAMPLES
) -> Floats:
    """Weights of as many units drawn with replacement, shape (resamples, n)."""
    number = len(weights)
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=resamples)
    return drawn * weights


def by_chance(
    values: Floats, real: int, rng: np.random.Generator, resamples: int = RESAMPLES
) -> Gap:
    """The distances that appear where labels are dealt at random, shape (resamples,).

    Args:
        values: All values, shape (n,).
        real: How many of them are called real.
        rng: Where chance comes from.
        resamples: How often.
    """
    called = rng.permuted(np.tile(np.arange(len(values)) < real, (resamples, 1)), axis=1)
    order = np.argsort(values, kind="stable")
    called = called[:, order]
    signed = called / real - ~called / (len(values) - real)
    steps = np.diff(values[order])
    apart = np.abs(np.cumsum(signed, axis=1)[:, :-1])
    return Gap(apart @ steps, np.max(apart * (steps > 0), axis=1, initial=0.0))


def interval(drawn: Floats) -> tuple[float, float]:
    """What 95 of 100 resamplings hold."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
