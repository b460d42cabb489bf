"""A household's kettle, from its uses in means of 30 s."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.appliances.fit.readings import STEP_S, Watts
from simulator.appliances.kettle import WH_PER_CUP, Kettle

_MOST_CUPS = 6
_ROUNDS = 200
_WIDEST = 0.6  # a re-boil that may be anything would take the single cups for its own
_PER_MEAN = 3  # means of 10 s in one of 30 s


def fit_kettle(uses: Sequence[Watts]) -> Kettle:
    """The kettle that these uses are most likely of.

    Powers are taken from full means, those between a use's first and last; spreads from quartiles,
    which a glitch does not move.
    """
    inner = [use[1:-1] for use in uses if len(use) > 3 and use[1:-1].min() > use.max() / 2]  # noqa: PLR2004 (two full means)
    plateaus = np.array([np.median(use) for use in inner])
    wobble = np.concatenate([use / use.mean() - 1 for use in inner if len(use) > 2])  # noqa: PLR2004 (one mean wobbles about nothing)
    lost = float(np.mean([1 / len(use) for use in inner if len(use) > 2]))  # noqa: PLR2004 (to each use's own mean)
    cold = float(np.median([use[0] / use[1:].mean() for use in inner])) - 1
    rated = float(np.median(plateaus))
    energies = np.array([use.sum() for use in uses]) * STEP_S / 3600
    share, median, sigma, cups, cup_sd = _boils(energies)
    return Kettle(
        rated_w=round(rated, 1),
        between_sd=round(_sd(plateaus) / rated, 5),
        within_sd=round(_sd(wobble) * (_PER_MEAN / (1 - lost)) ** 0.5, 5),
        cold=round(cold, 5),
        reboil_share=round(share, 4),
        reboil_wh=round(median, 2),
        reboil_sigma=round(sigma, 4),
        cups=[round(float(weight), 4) for weight in cups],
        cup_sd=round(cup_sd, 2),
    )


def _sd(values: NDArray[np.float64]) -> float:
    """From the quartiles of a normal distribution."""
    low, high = np.percentile(values, [25, 75])
    return float(high - low) / 1.349


def _boils(
    energies: NDArray[np.float64],
) -> tuple[float, float, float, NDArray[np.float64], float]:
    """By expectation and maximisation: whole cups with one spread, and log-normal re-boils."""
    means = WH_PER_CUP * np.arange(1, _MOST_CUPS + 1)
    weights = np.full(_MOST_CUPS + 1, 1 / (_MOST_CUPS + 1))
    median, sigma, cup_sd = 10.0, 0.6, 8.0
    logs = np.log(energies)
    for _ in range(_ROUNDS):
        again = np.exp(-(((logs - np.log(median)) / sigma) ** 2) / 2) / (sigma * energies)
        cups = np.exp(-(((energies[:, None] - means) / cup_sd) ** 2) / 2) / cup_sd
        likely = weights * np.column_stack([again, cups]) + 1e-300
        likely /= likely.sum(axis=1, keepdims=True)
        weights = likely.mean(axis=0)
        median = float(np.exp(np.average(logs, weights=likely[:, 0])))
        spread = np.average((logs - np.log(median)) ** 2, weights=likely[:, 0])
        sigma = min(float(spread) ** 0.5, _WIDEST)
        spread = np.average((energies[:, None] - means) ** 2, weights=likely[:, 1:])
        cup_sd = max(float(spread) ** 0.5, 1.0)
    return float(weights[0]), median, sigma, weights[1:] / weights[1:].sum(), cup_sd
