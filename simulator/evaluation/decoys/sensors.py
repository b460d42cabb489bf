"""Faults of one sensor: it dies, or its battery runs flat."""

from collections import Counter

import msgspec

from simulator.evaluation.decoys.decoy import Events, Scene
from simulator.evaluation.injection import time_of

OFTEN = 3.0
"""A sensor that speaks less often a day is missed by nobody."""
FULL, FLAT = 25.0, 2.0
DRAINS = 0.5
"""The share of the time in which the battery goes from low to flat."""


def dead(scene: Scene) -> Events | None:
    """One of the sensors that speak often says nothing more."""
    sensor = _one(scene)
    if sensor is None:
        return None
    return [event for event in scene.within(scene.events) if event.sensor != sensor]


def flat_battery(scene: Scene) -> Events | None:
    """A battery is told lower and lower, and then nothing is told."""
    sensor = _one(scene)
    if sensor is None:
        return None
    dies = scene.start + DRAINS * (scene.end - scene.start)
    found = []
    for event in scene.within(scene.events):
        t = time_of(event)
        if event.sensor != sensor:
            found.append(event)
        elif t < dies:
            left = FULL + (FLAT - FULL) * (t - scene.start) / (dies - scene.start)
            found.append(msgspec.structs.replace(event, battery=round(left, 1)))
    return found


def _one(scene: Scene) -> str | None:
    """A sensor of a home with others, so that it can be missed."""
    days = (time_of(scene.events[-1]) - time_of(scene.events[0])) / 86_400 or 1.0
    counts = Counter(event.sensor for event in scene.events)
    often = sorted(name for name, count in counts.items() if count / days >= OFTEN)
    if len(counts) < 2 or not often:  # noqa: PLR2004 - itself and one more
        return None
    return often[int(scene.rng.integers(len(often)))]
