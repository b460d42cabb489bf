"""Sensors of a recording that really died: who tells of them is right, not wrong.

A dead sensor is what `sensor_silent` is to tell, and recordings hold some: they are episodes like
the ones that are written in, of the same length. The rule knows nothing of the detector.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from contract import SensorEvent
from simulator.evaluation.courses import DAY_S
from simulator.evaluation.injection import time_of
from simulator.evaluation.trials import Raised

DEAD_DAYS = 7
"""As long as the deaths that are written in."""
OFTEN = 3.0
"""How often a day a sensor spoke in the week before; one that spoke less died unnoticed."""
HEARD_DAYS = 5
"""On so many days of its silence other sensors spoke; else the home was empty, or the link down."""


class Death(NamedTuple):
    """A sensor that said nothing more, or not for long: when it last spoke, and spoke again."""

    sensor: str
    start: float
    end: float


def deaths(events: Sequence[SensorEvent]) -> list[Death]:
    """The deaths in a home's events, which are in order of time."""
    if not events:
        return []
    end = time_of(events[-1])
    by_sensor: defaultdict[str, list[float]] = defaultdict(list)
    for event in events:
        by_sensor[event.sensor].append(time_of(event))
    return [
        Death(sensor, last, again)
        for sensor, times in sorted(by_sensor.items())
        for last, again in pairwise([*times, max(end, times[-1])])
        if again - last >= DEAD_DAYS * DAY_S
        and bisect_left(times, last) - bisect_left(times, last - 7 * DAY_S) >= 7 * OFTEN
        and _days_heard(events, sensor, last, again) >= HEARD_DAYS
    ]


def not_of_the_dead(alerts: Iterable[Raised], dead: Sequence[Death]) -> list[Raised]:
    """The alerts that are not about a sensor that had really died."""
    return [
        one
        for one in alerts
        if not any(d.sensor == one.subject and d.start < one.at <= d.end for d in dead)
    ]


def _days_heard(events: Sequence[SensorEvent], sensor: str, start: float, end: float) -> int:
    return len(
        {
            int((t - start) // DAY_S)
            for event in events
            if start < (t := time_of(event)) < end and event.sensor != sensor
        }
    )
