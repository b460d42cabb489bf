"""How far made-up homes lie from real ones: their medians, how they differ, and their days."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from simulator.realism.clock import Floats
from simulator.realism.compare import LEAST_UNITS, QUARTILES, side
from simulator.realism.daily import vectors
from simulator.realism.measures.measure import Measure
from simulator.realism.measures.registry import HOME_MEASURES
from simulator.realism.measures.things import KETTLE
from simulator.realism.observed import Observed

U = TypeVar("U")

MOST = 1.5
"""No single difference counts for more: what cannot be fitted must not rule the rest."""
_MEDIAN, _OUTSIDE, _SPREAD, _DAY = 2.0, 2.0, 0.5, 0.25
_SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
_RESOLUTIONS = np.array(
    [measure.resolution for measure in HOME_MEASURES] + [measure.resolution for measure in KETTLE]
)


class Figures(NamedTuple):
    """What the homes of one side come to, in M measures and F features of a day.

    Attributes:
        quartiles: Of each measure over homes, NaN where fewer than three tell, shape (M, 3).
        days: Quantiles of each feature over days, NaN where none tells, shape (5, F).
    """

    quartiles: Floats
    days: Floats


def figures(side_: Observed, sensors: tuple[str, ...]) -> Figures:
    """Of all measures of a home, those of its kettle, and the days as these sensors tell them."""
    of_homes = _quartiles(HOME_MEASURES, side_.homes, lambda home: home.name)
    of_kettles = _quartiles(KETTLE, side_.spans.get("kettle", []), lambda span: span.home)
    return Figures(
        np.array(of_homes + of_kettles), _by_feature(vectors(side_.homes, sensors).values)
    )


def misfit(real: Figures, made_up: Figures) -> Floats:
    """The residuals, shape (2 M + 5 F,); what either side cannot tell counts 0.

    Two of each measure, its median and its interquartile range, and five of each feature of a day,
    all told in real interquartile ranges. How far a median lies beyond the real quartiles counts
    once more, since that is what the report judges; not by a leap, though: medians that chance
    moves to and fro across a quartile would drown all the rest.
    """
    low, middle, high = real.quartiles.T
    our_low, median, our_high = made_up.quartiles.T
    scale = np.maximum(high - low, _RESOLUTIONS)
    slack = _RESOLUTIONS / 2
    beyond = median - np.clip(median, low - slack, high + slack)
    medians = _share(_MEDIAN, median - middle, scale) + _share(_OUTSIDE, beyond, scale)
    spreads = _share(_SPREAD, (our_high - our_low) - (high - low), scale)
    days = _share(_DAY, made_up.days - real.days, _spread_of_days(real.days))
    return np.concatenate([medians, spreads, days.ravel()])


def _quartiles(
    measures: Sequence[Measure[U]], units: Sequence[U], home_of: Callable[[U], str]
) -> list[tuple[float, ...]]:
    found = (side(measure, units, home_of) for measure in measures)
    nothing = (np.nan,) * len(QUARTILES)
    return [one.quartiles if len(one.values) >= LEAST_UNITS else nothing for one in found]


def _by_feature(values: Floats) -> Floats:
    """Quantiles of each column, shape (5, F), passing over the days that cannot tell."""
    found = np.full((len(_SHARES), values.shape[1]), np.nan)
    tells = np.isfinite(values).any(axis=0)
    if len(values):
        found[:, tells] = np.nanquantile(values[:, tells], _SHARES, axis=0)
    return found


def _spread_of_days(days: Floats) -> Floats:
    """The interquartile range, or what nine of ten differ by where most days are the same."""
    lowest, low, _, high, highest = days
    spread: Floats = np.where(high - low > 0, high - low, np.maximum(highest - lowest, 1.0))
    return spread


def _share(times: float, difference: Floats, scale: Floats) -> Floats:
    """In units of the scale, so many times and cut; 0 where there is none, or nothing is told."""
    told = np.isfinite(difference) & (scale > 0)
    found = np.divide(difference, scale, out=np.zeros_like(difference), where=told)
    return np.clip(times * found, -MOST, MOST)
