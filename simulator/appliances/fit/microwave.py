"""A household's microwave oven, from its uses in means of 30 s."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.appliances.fit.quantiles import quantiles
from simulator.appliances.fit.readings import STEP_S, Watts
from simulator.appliances.microwave import Microwave

PERIOD_S = 23.0
"""The least error of those tried on REFIT's pulsed uses (10 to 70 s); but see the model's words."""

_FULL, _PULSED = 0.85, 0.9
_LEAST_INNER = 1
_PER_MEAN = 3


def fit_microwave(uses: Sequence[Watts]) -> Microwave:
    """The oven that these uses are most likely of.

    A use is pulsed where the means between its first and last are together below 0.9 of full
    power. So one that was interrupted to stir counts as pulsed: in 30 s means they look the same.
    """
    top = float(np.percentile(np.concatenate(uses), 95))
    inner = [use[1:-1] for use in uses]
    full = [use for use in inner if len(use) > 1 and use.min() > _FULL * top]
    pulsed = np.array([_is_pulsed(use, top) for use in uses])
    fall, start = _fall(full)
    idle = float(np.median(_idle(uses)))
    starts = np.array([use[0] for use in full])
    falls = np.array([use[1] / use[0] for use in full])
    seconds = np.array([_seconds(use, top) for use in uses])
    duties = np.array([(use[1:-1].mean() - idle) / (top - idle) for use in _at(uses, pulsed)])
    return Microwave(
        full_w=round(start, 1),
        between_sd=round(_sd(starts) / start, 5),
        within_sd=round(_sd(falls) * (_PER_MEAN / 2) ** 0.5, 5),
        fall_per_min=round(fall, 5),
        idle_w=round(idle, 1),
        period_s=PERIOD_S,
        pulsed_share=round(float(pulsed.mean()), 4),
        duty=quantiles(duties.clip(0.05, 0.95), 3),
        full_seconds=quantiles(seconds[~pulsed], 1),
        pulsed_seconds=quantiles(seconds[pulsed], 1),
    )


def _at(uses: Sequence[Watts], which: NDArray[np.bool_]) -> list[Watts]:
    return [use for use, wanted in zip(uses, which, strict=True) if wanted]


def _is_pulsed(use: Watts, top: float) -> bool:
    return len(use) - 2 >= _LEAST_INNER and bool(use[1:-1].mean() < _PULSED * top)


def _seconds(use: Watts, top: float) -> float:
    """How long it ran: the first and last means tell by their height for how much of them.

    Between pulses that height is the use's own, not full power's.
    """
    ends = use[[0, -1]] if len(use) > 1 else use
    level = use[1:-1].mean() if _is_pulsed(use, top) else top
    return float(STEP_S * (max(len(use) - 2, 0) + (ends / level).clip(0, 1).sum()))


def _fall(full: Sequence[Watts]) -> tuple[float, float]:
    """The share of power lost in a minute, and the power at the start: the medians of uses."""
    lines = [_line(use) for use in full if len(use) > 2]  # noqa: PLR2004 (a line needs more)
    slope, start = np.median(np.array(lines), axis=0)
    return max(0.0, -float(slope) / float(start)), float(start)


def _line(use: Watts) -> tuple[float, float]:
    minutes = (np.arange(len(use)) + 1) * STEP_S / 60
    slope, start = np.polyfit(minutes, use, 1)
    return float(slope), float(start)


def _idle(uses: Sequence[Watts]) -> Watts:
    """Means in the midst of uses that are neither none nor part of a pulse."""
    means = np.concatenate(uses)
    low = means[(means > 15) & (means < 60)]  # noqa: PLR2004 (lamp, fan and turntable)
    return low if len(low) else np.array([30.0])


def _sd(values: NDArray[np.float64]) -> float:
    low, high = np.percentile(values, [25, 75])
    return float(high - low) / 1.349
