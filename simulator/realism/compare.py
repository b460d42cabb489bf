"""One row a measure: the real homes, the made-up ones, and how far apart they are."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from simulator.realism.clock import Floats
from simulator.realism.measures.measure import Measure
from simulator.realism.statistics import (
    Gap,
    bootstrap_weights,
    by_chance,
    gap,
    interval,
    quantiles,
)

QUARTILES = (0.25, 0.5, 0.75)
LEAST_UNITS = 3
"""Fewer values have no quartiles worth the name."""

U = TypeVar("U")


@dataclass(frozen=True)
class Side:
    """The values of one side.

    Attributes:
        values: One a unit, by the names in `homes`; units that cannot tell are left out.
        homes: The home of each value.
        quartiles: Lower, median, upper; every home weighs the same, however many units it has.
        silent: How many units cannot tell.
    """

    values: list[float]
    homes: list[str]
    quartiles: tuple[float, float, float]
    silent: int

    @property
    def median(self) -> float:
        """Over homes."""
        return self.quartiles[1]


@dataclass(frozen=True)
class Row:
    """What became of one measure.

    Attributes:
        name, family, unit, why: As in :class:`Measure`.
        source: Where the real values come from.
        per: What one value belongs to.
        real, simulated: Both sides.
        inside: Whether the median of the made-up lies within the real quartiles, both included, but
            for half of what sensors can tell apart.
        distance: Wasserstein-1 over the real interquartile range, or over the resolution where that
            is more; None where both are zero.
        distance_interval: What 95 of 100 resamplings of the units hold.
        chance: The median distance where labels are dealt at random; None where units of one
            home are not exchangeable.
        ks: Kolmogorov and Smirnov's statistic.
        p: Share of random labellings that lie as far apart as these two; None as above.
    """

    name: str
    family: str
    unit: str
    why: str
    source: str
    per: str
    real: Side
    simulated: Side
    inside: bool
    distance: float | None
    distance_interval: tuple[float, float] | None
    chance: float | None
    ks: float
    p: float | None


def compare(
    measure: Measure[U],
    real: Sequence[U],
    simulated: Sequence[U],
    *,
    home_of: Callable[[U], str],
    source: str,
    per: str,
    rng: np.random.Generator,
) -> Row | None:
    """The row of a measure, or None where one side has fewer than three values.

    Args:
        measure: Which.
        real: The units of one side.
        simulated: The units of the other.
        home_of: The home of a unit.
        source: Where the real values come from.
        per: What a unit is.
        rng: Where resampling comes from.
    """
    ours, theirs = side(measure, simulated, home_of), side(measure, real, home_of)
    if min(len(ours.values), len(theirs.values)) < LEAST_UNITS:
        return None
    low, _, high = theirs.quartiles
    scale = max(high - low, measure.resolution)
    found = _gap(theirs, ours)
    many = _resampled(theirs, ours, rng)
    dealt = _dealt(theirs, ours, rng)
    return Row(
        name=measure.name,
        family=measure.family,
        unit=measure.unit,
        why=measure.why,
        source=source,
        per=per,
        real=theirs,
        simulated=ours,
        inside=is_inside(measure, theirs, ours),
        distance=float(found.wasserstein[0]) / scale if scale else None,
        distance_interval=interval(many.wasserstein / scale) if scale else None,
        chance=float(np.median(dealt.wasserstein)) / scale if dealt and scale else None,
        ks=float(found.ks[0]),
        p=_share_as_far(dealt.wasserstein, float(found.wasserstein[0])) if dealt else None,
    )


def side(measure: Measure[U], units: Sequence[U], home_of: Callable[[U], str]) -> Side:
    """The values of a measure."""
    pairs = [(measure.of(unit), home_of(unit)) for unit in units]
    told = [(value, home) for value, home in pairs if np.isfinite(value)]
    values, homes = [value for value, _ in told], [home for _, home in told]
    low, middle, high = quantiles(np.array(values), _weights(homes), QUARTILES)
    return Side(values, homes, (low, middle, high), len(pairs) - len(told))


def is_inside(measure: Measure[U], real: Side, simulated: Side) -> bool:
    """Whether the median of one side lies within the quartiles of the other, as `Row` says."""
    low, _, high = real.quartiles
    slack = measure.resolution / 2
    return low - slack <= simulated.median <= high + slack


def _weights(homes: Sequence[str]) -> Floats:
    """So that every home weighs the same."""
    units = Counter(homes)
    return np.array([1 / units[home] for home in homes], dtype=np.float64)


def _gap(real: Side, simulated: Side) -> Gap:
    return gap(
        np.array(real.values),
        np.array(simulated.values),
        _weights(real.homes)[None, :],
        _weights(simulated.homes)[None, :],
    )


def _resampled(real: Side, simulated: Side, rng: np.random.Generator) -> Gap:
    return gap(
        np.array(real.values),
        np.array(simulated.values),
        bootstrap_weights(_weights(real.homes), rng),
        bootstrap_weights(_weights(simulated.homes), rng),
    )


def _dealt(real: Side, simulated: Side, rng: np.random.Generator) -> Gap | None:
    """Labels can be dealt anew only where each value has a home of its own."""
    homes = [*real.homes, *simulated.homes]
    if len(set(homes)) < len(homes):
        return None
    return by_chance(np.array([*real.values, *simulated.values]), len(real.values), rng)


def _share_as_far(dealt: Floats, found: float) -> float:
    return float((1 + (dealt >= found - 1e-12).sum()) / (1 + len(dealt)))
