"""How long between: activations, visits, rooms on a way."""

from collections.abc import Callable

import numpy as np

from simulator.realism.clock import DAY_S, Floats
from simulator.realism.hearing import ROOMS, SENSORS
from simulator.realism.homes import Home, Stream
from simulator.realism.measures.measure import NONE, Measure

SECOND = 1.0
MINUTE_S = 60.0
LONGEST_WAY_S = 60.0
"""Who takes longer from one room to the next did something on the way."""
WAYS = (("hallway", "bathroom"), ("bedroom", "hallway"), ("hallway", "kitchen"))
_ENOUGH = 20

_PACE = "fall_risk compares how long ways between rooms take with the usual"
_CHANCE = "a hub's normaliser and the visit rule depend on how soon a sensor speaks again"
_VOIDS = "a bladder empties at intervals; infection shortens them"


def between(stream: Stream) -> Floats:
    """Seconds from each to the next of one sensor, on the same day or overnight."""
    gaps = np.diff(stream.t)
    found: Floats = gaps[(np.diff(stream.day) <= 1) & (gaps < DAY_S)]
    return found


def ways(home: Home, start: str, goal: str) -> Floats:
    """Seconds from the activation of one room to that of another, with none in between."""
    first, last = SENSORS.index(start), SENSORS.index(goal)
    gaps = np.diff(home.t)
    taken = (home.sensor[:-1] == first) & (home.sensor[1:] == last) & (home.day[1:] >= 0)
    found: Floats = gaps[taken & (gaps > 0) & (gaps <= LONGEST_WAY_S)]
    return found


def quantile(share: float, unit_s: float = 1.0) -> Callable[[Floats], float]:
    """A quantile, of at least 20 values."""

    def of(seconds: Floats) -> float:
        return float(np.quantile(seconds, share)) / unit_s if len(seconds) >= _ENOUGH else NONE

    return of


def spread(seconds: Floats) -> float:
    """Between the quartiles, of at least 20 values."""
    return quantile(0.75)(seconds) - quantile(0.25)(seconds)


def _between_visits(how: Callable[[Floats], float]) -> Callable[[Home], float]:
    return lambda home: how(between(home.visits("bathroom")))


def _between(sensor: str, how: Callable[[Floats], float]) -> Callable[[Home], float]:
    return lambda home: how(between(home.activations(sensor)))


def _shortest(home: Home) -> float:
    """The least of the five rooms, but for one in a hundred, which echoes may have made."""
    found = [quantile(0.01)(between(home.activations(room))) for room in ROOMS if home.has(room)]
    return float(np.nanmin(found)) if np.isfinite(found).any() else NONE


def _way(start: str, goal: str, how: Callable[[Floats], float]) -> Callable[[Home], float]:
    return lambda home: how(ways(home, start, goal)) if home.has(start, goal) else NONE


def _a_day(start: str, goal: str) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        return len(ways(home, start, goal)) / len(home.days) if home.has(start, goal) else NONE

    return of


def _visits() -> list[Measure[Home]]:
    shares = (("lower quartile", 0.25), ("median", 0.5), ("upper quartile", 0.75))
    return [
        Measure(
            f"between bathroom visits, {name}",
            "intervals",
            "min",
            _VOIDS,
            _between_visits(quantile(share, MINUTE_S)),
        )
        for name, share in shares
    ]


def _activations() -> list[Measure[Home]]:
    shares = (("median", 0.5), ("10 %", 0.1))
    found = [
        Measure(
            f"between {sensor} activations, {name}",
            "intervals",
            "s",
            _CHANCE,
            _between(sensor, quantile(share)),
            SECOND,
        )
        for sensor in (*ROOMS, "fridge")
        for name, share in shares
    ]
    return [
        *found,
        Measure(
            "shortest between activations of a room", "intervals", "s", _CHANCE, _shortest, SECOND
        ),
    ]


def _transits() -> list[Measure[Home]]:
    found = []
    for start, goal in WAYS:
        way = f"{start} to {goal}"
        found += [
            Measure(way, "transits", "s", _PACE, _way(start, goal, quantile(0.5)), SECOND),
            Measure(f"{way}, spread", "transits", "s", _PACE, _way(start, goal, spread), SECOND),
            Measure(f"{way}, how often", "transits", "a day", _PACE, _a_day(start, goal)),
        ]
    return found


MEASURES = (*_visits(), *_activations(), *_transits())
