"""How far made-up homes lie from real ones: their medians, how they differ, and their days."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from simulator.realism.clock import Floats
from simulator.realism.compare import LEAST_UNITS, QUARTILES, side
from simulator.realism.daily import vectors
from simulator.realism.fit.newton import Misfit
from simulator.realism.measures.measure import Measure
from simulator.realism.measures.registry import HOME_MEASURES
from simulator.realism.measures.things import KETTLE
from simulator.realism.observed import Observed

U = TypeVar("U")

MOST = 1.5
"""No single residual counts for more: what cannot be fitted must not rule the rest."""
OUTSIDE = 2.0
"""Weight of a median that lies outside the real quartiles, since that is what the report judges."""
_MEDIAN, _SPREAD, _DAY = 2.0, 0.5, 0.25
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


def misfit(real: Figures, made_up: Figures) -> Misfit:
    """The residuals, each at most `MOST`, and their weights; what either side cannot tell counts 0.

    Two of each measure: its median and its interquartile range. Five of each feature of a day.
    All are told in real interquartile ranges.
    """
    low, middle, high = real.quartiles.T
    our_low, median, our_high = made_up.quartiles.T
    scale = np.maximum(high - low, _RESOLUTIONS)
    slack = _RESOLUTIONS / 2
    outside = (median < low - slack) | (median > high + slack)
    parts = (
        _MEDIAN * _over(median - middle, scale),
        _SPREAD * _over((our_high - our_low) - (high - low), scale),
        _DAY * _over(made_up.days - real.days, _spread_of_days(real.days)).ravel(),
    )
    residuals = np.clip(np.concatenate(parts), -MOST, MOST)
    weights = np.ones(len(residuals))
    weights[: len(outside)][outside] = OUTSIDE
    return Misfit(residuals, weights)


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


def _over(difference: Floats, scale: Floats) -> Floats:
    """In units of the scale; 0 where there is none, or nothing is told."""
    told = np.isfinite(difference) & (scale > 0)
    return np.divide(difference, scale, out=np.zeros_like(difference), where=told)
