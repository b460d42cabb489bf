"""How well an appliance's curves match uses that its fit never saw, both seen alike.

Made-up uses are read as the recorders did, every few seconds from a random moment, and averaged
over 30 s; then both sides are cut into uses by the same rule and compared.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.appliances.fit.readings import CUTS, STEP_S, Watts, uses_in
from simulator.appliances.registry import Appliance
from simulator.appliances.sample import Sample
from simulator.living.chance import Chance

READ_EVERY_S = {"refit-2": 7.0, "ukdale-2": 6.0}
"""The data sets' own descriptions: 6 to 8 s, and 6 s."""

_FULL = 0.9


class Match(NamedTuple):
    """One measure of uses, over real ones and made-up ones.

    Attributes:
        measure: Its name and unit.
        real, made: Quartiles of either side.
        distance: The two-sample Kolmogorov-Smirnov statistic: 0 alike, 1 apart.
        usual: The same between the uses of the fit and those held out: what months alone differ by.
    """

    measure: str
    real: tuple[float, float, float]
    made: tuple[float, float, float]
    distance: float
    usual: float


def _peak(use: Watts) -> float:
    return float(use.max())


def _energy(use: Watts) -> float:
    return float(use.sum() * STEP_S / 3600)


def _duration(use: Watts) -> float:
    return len(use) * STEP_S


def _first(use: Watts) -> float:
    return float(use[0] / use.max())


def _last(use: Watts) -> float:
    return float(use[-1] / use.max())


def _wobble(use: Watts) -> float:
    """Of the means between first and last; none where there are not two full ones."""
    inner = use[1:-1][use[1:-1] > _FULL * use.max()]
    return float(100 * inner.std() / inner.mean()) if len(inner) > 1 else np.nan


def _on(use: Watts) -> float:
    return float(np.mean(use[1:-1] / use.max())) if len(use) > 2 else np.nan  # noqa: PLR2004 (none between)


MEASURES: dict[str, Callable[[Watts], float]] = {
    "peak, W": _peak,
    "energy, Wh": _energy,
    "duration, s": _duration,
    "first mean / peak": _first,
    "last mean / peak": _last,
    "mean between / peak": _on,
    "wobble of full means, %": _wobble,
}


def made_up(
    model: Appliance, appliance: str, number: int, read_every_s: float, chance: Chance
) -> list[Watts]:
    """So many uses of the model in means of 30 s, cut as recorded ones are."""
    found: list[Watts] = []
    while len(found) < number:
        use = model.draw_use(chance)
        samples = model.curve(use.wh, use.seconds, chance)
        found += uses_in(means_of(samples, chance.share(), read_every_s), CUTS[appliance])
    return found[:number]


def means_of(samples: Sequence[Sample], phase: float, read_every_s: float) -> Watts:
    """The mean of the readings in each 30 s, with an empty one on either side.

    Args:
        samples: Of one use.
        phase: How far into a mean the use begins, 0 to 1.
        read_every_s: From reading to reading; the first falls at random too, with the phase.
    """
    begin = STEP_S * (1 + phase)
    ends = begin + np.array([one.offset_s for one in samples])
    times = np.arange(0.5 * read_every_s, ends[-1] + 2 * STEP_S, read_every_s)
    watts = np.array([0.0] + [one.watts for one in samples])
    read = watts[np.searchsorted(ends, times, side="right")]
    means = (times // STEP_S).astype(int)
    sums, counts = np.bincount(means, weights=read), np.bincount(means)
    return np.asarray(sums / np.maximum(counts, 1), dtype=np.float64)


def compare(fitted: Iterable[Watts], held: Iterable[Watts], made: Iterable[Watts]) -> list[Match]:
    """Every measure, of held-out uses against made-up ones."""
    sides = [list(side) for side in (fitted, held, made)]
    matches = []
    for name, measure in MEASURES.items():
        seen, real, ours = (_values(side, measure) for side in sides)
        if min(len(seen), len(real), len(ours)):
            apart, usual = distance(real, ours), distance(real, seen)
            matches.append(Match(name, _quartiles(real), _quartiles(ours), apart, usual))
    return matches


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The greatest difference between the two shares of values up to any value."""
    both = np.concatenate([one, other])
    shares = [
        np.searchsorted(np.sort(side), both, side="right") / len(side) for side in (one, other)
    ]
    return float(np.abs(shares[0] - shares[1]).max())


def _values(uses: Iterable[Watts], measure: Callable[[Watts], float]) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.array([measure(use) for use in uses])
    return values[~np.isnan(values)]


def _quartiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)
