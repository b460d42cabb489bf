"""When in the day: the share of activations by the hour, getting up, settling, and silence."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from simulator.realism.clock import HOUR_S, Floats, Ints
from simulator.realism.hearing import SENSORS
from simulator.realism.homes import LEAST_DAYS, Home
from simulator.realism.measures.measure import NONE, Measure

BLOCK_HOURS = 4
DAY_HOURS = (8, 22)
NIGHT_HOURS = (0, 6)
SMALL_HOURS = 4
"""A person's day begins at 04 h: who is about before then has stayed up late."""
_UP = [SENSORS.index(s) for s in ("kitchen", "lounge", "fridge", "front_door", "back_door")]

_RHYTHM = "no_movement and the charts expect the hours at which this person stirs"
_SILENCE = "possible_fall and no_movement live on how long a home is usually silent"


class Gaps(NamedTuple):
    """Silences within the same hours of each day, the edges of those hours included.

    Attributes:
        hours: Length of each, shape (n,).
        day: Index of its day, shape (n,).
    """

    hours: Floats
    day: Ints


def gaps(home: Home, first: int, last: int) -> Gaps:
    """Silences of the home from hour `first` to hour `last` of each day that counts."""
    starts, ends = home.hours[:, first], home.hours[:, last]
    t = np.sort(np.concatenate([home.t, starts, ends]))
    day = np.searchsorted(starts, t[:-1], side="right") - 1
    within = (day >= 0) & (t[1:] <= ends[day])
    return Gaps(np.diff(t)[within] / HOUR_S, day[within])


def longest(home: Home, first: int, last: int) -> Floats:
    """The longest silence of each day, in hours, shape (D,)."""
    found = np.zeros(len(home.days))
    silent = gaps(home, first, last)
    np.maximum.at(found, silent.day, silent.hours)
    return found


def first_and_last(home: Home) -> tuple[Floats, Floats]:
    """When somebody was first and last about, in hours on the wall, from 04 to 28 h.

    About is who is noticed in kitchen or lounge or at a door: the ways from bed to toilet and back
    do not count. Days without are left out.
    """
    about = np.isin(home.sensor, _UP) & (home.day >= 0)
    wall = home.days[home.day[about]] * 24 + home.hour[about] - SMALL_HOURS
    day, hour = np.divmod(wall, 24)
    counts = np.isin(day, home.days)  # else the end of a day would be taken for its beginning
    day, hour = day[counts], hour[counts]
    if not len(day):
        return np.empty(0), np.empty(0)
    _, begins = np.unique(day, return_index=True)
    hours = hour + SMALL_HOURS
    return np.minimum.reduceat(hours, begins), np.maximum.reduceat(hours, begins)


def _share(block: int) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        hours = home.hour[home.day >= 0]
        return float((hours // BLOCK_HOURS == block).mean())

    return of


def _about(which: int, how: Callable[[Floats], float]) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        found = first_and_last(home)[which]
        return how(found) if len(found) >= LEAST_DAYS else NONE

    return of


def _median(values: Floats) -> float:
    return float(np.median(values))


def _deviation(values: Floats) -> float:
    return float(values.std(ddof=1))


def _longest(hours: tuple[int, int], how: Callable[[Floats], float]) -> Callable[[Home], float]:
    return lambda home: how(longest(home, *hours))


def _silent_share(home: Home) -> float:
    """Share of the hours from 08 to 22 that lies in silences of more than an hour."""
    silent = gaps(home, *DAY_HOURS).hours
    return float(silent[silent > 1].sum() / silent.sum())


def _how_many(least: float) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        return float((gaps(home, *DAY_HOURS).hours > least).sum() / len(home.days))

    return of


def _blocks() -> list[Measure[Home]]:
    return [
        Measure(
            f"activations from {start:02} to {start + BLOCK_HOURS:02} h",
            "hours",
            "share",
            _RHYTHM,
            _share(start // BLOCK_HOURS),
        )
        for start in range(0, 24, BLOCK_HOURS)
    ]


MEASURES = (
    *_blocks(),
    Measure("first about, median", "hours", "h", _RHYTHM, _about(0, _median)),
    Measure("first about, SD", "hours", "h", _RHYTHM, _about(0, _deviation)),
    Measure("last about, median", "hours", "h", _RHYTHM, _about(1, _median)),
    Measure("last about, SD", "hours", "h", _RHYTHM, _about(1, _deviation)),
    Measure("day in silences over 1 h", "silence", "share", _SILENCE, _silent_share),
    Measure("silences over 1 h by day", "silence", "a day", _SILENCE, _how_many(1)),
    Measure("silences over 2 h by day", "silence", "a day", _SILENCE, _how_many(2)),
    Measure("longest silence by day", "silence", "h", _SILENCE, _longest(DAY_HOURS, _median)),
    Measure(
        "longest silence by day, SD", "silence", "h", _SILENCE, _longest(DAY_HOURS, _deviation)
    ),
    Measure("longest silence by night", "silence", "h", _SILENCE, _longest(NIGHT_HOURS, _median)),
    Measure(
        "longest silence by night, SD", "silence", "h", _SILENCE, _longest(NIGHT_HOURS, _deviation)
    ),
)
