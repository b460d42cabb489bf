"""How far off so few homes lie from their own population: less loss than that is luck."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from simulator.realism.fit.misfit import Figures, figures, misfit
from simulator.realism.observed import Observed

_GROUPS = 5


def by_chance(
    made_up: Observed, real: Figures, homes: int, sensors: tuple[str, ...]
) -> float | None:
    """The median loss where some made-up homes are taken for the real ones, against the others.

    Args:
        made_up: Homes of one population.
        real: What the real homes tell; no measure counts that they do not.
        homes: How many of them there are.
        sensors: By which days are told.

    Returns:
        None where there are less than twice as many made-up homes as real ones.
    """
    names = [home.name for home in made_up.homes]
    if not homes or len(names) < 2 * homes:
        return None
    losses: list[float] = []
    for first in range(0, min(len(names) - homes + 1, _GROUPS * homes), homes):
        group = names[first : first + homes]
        target = figures(_part(made_up, group), sensors)
        target.quartiles[np.isnan(real.quartiles)] = np.nan
        others = figures(_part(made_up, set(names) - set(group)), sensors)
        losses.append(float(np.sum(misfit(target, others) ** 2)))
    return float(np.median(losses))


def _part(side: Observed, names: Iterable[str]) -> Observed:
    kept = set(names)
    return replace(
        side,
        homes=[home for home in side.homes if home.name in kept],
        spans={
            sensor: [span for span in spans if span.home in kept]
            for sensor, spans in side.spans.items()
        },
    )
