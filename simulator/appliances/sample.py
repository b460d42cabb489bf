"""What a plug reports of one use, and how a shape is given exactly the energy asked for."""

from collections.abc import Sequence
from typing import NamedTuple

LEAST_S = 0.001
"""Plugs tell time to the millisecond: nothing shorter is a use."""


class Sample(NamedTuple):
    """One report of a plug.

    Attributes:
        offset_s: Seconds since the use began, to the millisecond.
        watts: Power from here to the next report.
        wh_so_far: What the use has drawn up to here.
    """

    offset_s: float
    watts: float
    wh_so_far: float


class Use(NamedTuple):
    """One use of an appliance: its energy in Wh and its length in seconds."""

    wh: float
    seconds: float


class Step(NamedTuple):
    """A stretch of a shape: from when, in seconds since the use began, at what power in watts."""

    offset_s: float
    watts: float


def every(begin: float, end: float, at_most_s: float) -> list[float]:
    """Times from `begin` to before `end` at which a plug reports, evenly and so often at least."""
    number = max(1, int((end - begin) / at_most_s))
    return [begin + (end - begin) * index / number for index in range(number)]


def metered(shape: Sequence[Step], wh: float, seconds: float) -> list[Sample]:
    """The shape, scaled so that its area and its counter are the energy, and ended by 0 W.

    Args:
        shape: In order of time, the first at 0, with some power in it. Steps less than a
            millisecond apart become one.
        wh: Above 0.
        seconds: At least `LEAST_S`.

    Raises:
        ValueError: The energy or the time is none.
    """
    if not (wh > 0 and seconds >= LEAST_S):
        raise ValueError(f"{wh:g} Wh in {seconds:g} s is no use")
    end = round(seconds, 3)
    steps = {round(step.offset_s, 3): step.watts for step in shape if round(step.offset_s, 3) < end}
    times = [*steps, end]
    joules = [w * (times[n + 1] - times[n]) for n, w in enumerate(steps.values())]
    factor = wh * 3600 / sum(joules)
    samples, drawn = [], 0.0
    for (offset, watts), more in zip(steps.items(), joules, strict=True):
        samples.append(Sample(offset, watts * factor, drawn * factor / 3600))
        drawn += more
    return [*samples, Sample(end, 0.0, wh)]
