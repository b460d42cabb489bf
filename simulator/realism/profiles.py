"""The day by the hour: which share of a sensor's activations falls into each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.realism.homes import Home

HOURS = 24
PROFILED = ("bathroom", "bedroom", "hallway", "kitchen", "lounge", "fridge")


@dataclass(frozen=True)
class Profile:
    """One sensor's day over several homes.

    Attributes:
        homes: How many have the sensor.
        quartiles: Lower, median and upper share of activations in each hour, 24 values each.
    """

    homes: int
    quartiles: list[list[float]]


def profile(homes: Sequence[Home], sensor: str) -> Profile | None:
    """The profile of the homes that have the sensor, None where none has."""
    shares = []
    for home in homes:
        hours = home.activations(sensor).hour if home.has(sensor) else np.empty(0)
        if len(hours):
            shares.append(np.bincount(hours.astype(np.int64), minlength=HOURS) / len(hours))
    if not shares:
        return None
    quartiles = np.quantile(np.stack(shares), [0.25, 0.5, 0.75], axis=0, method="hazen")
    return Profile(len(shares), quartiles.tolist())
