"""Months and weeks of single homes, for what only two homes tell: kettles, flushes and beds.

The unit is the span, not the home: 28 or 7 days that count, one after another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.realism.clock import DAY_S, HOUR_S, Floats, Ints, WallClock
from simulator.realism.hearing import Heard
from simulator.realism.homes import Bools

MONTH = 28
WEEK = 7
LONGEST_SILENCE = 2
"""Days running without a use; a longer silence, lost sensor or holiday, does not count."""
_NOON = 12


@dataclass(frozen=True, eq=False)
class Span:
    """Uses of one thing over the D days that count of a month or a week.

    Attributes:
        home: Whose.
        t: When each use began, in epoch seconds, shape (n,).
        value: Of each, such as Wh.
        hour: On the wall, shape (n,); for beds, since noon.
        day: Index of its day, shape (n,).
        days: D.
    """

    home: str
    t: Floats
    value: Floats
    hour: Floats
    day: Ints
    days: int

    @cached_property
    def counts(self) -> Floats:
        """Uses a day, shape (D,)."""
        return np.bincount(self.day, minlength=self.days).astype(np.float64)


def spans(
    heard: Iterable[Heard], sensor: str, length: int, time_zone: str = "Europe/London"
) -> list[Span]:
    """The spans of a sensor in all homes; what is left over at the end is not used."""
    clock = WallClock(time_zone)
    uses = {"kettle": _boils, "bed": _nights}.get(sensor, _plain)
    begin = _NOON * HOUR_S if sensor == "bed" else 0  # a night is one day, from noon to noon
    found: list[Span] = []
    for home in heard:
        if sensor in home.streams:
            t, value = uses(home.streams[sensor])
            found += _cut(home.name, t, value, clock.wall(t) - begin, length)
    return found


def _boils(rows: Floats) -> tuple[Floats, Floats]:
    """A plug tells a use when it is over."""
    return rows[:, 0] - rows[:, 2], rows[:, 1]


def _plain(rows: Floats) -> tuple[Floats, Floats]:
    return rows[:, 0], rows[:, 1]


def _nights(rows: Floats) -> tuple[Floats, Floats]:
    """Getting into bed, with the hours until getting up; what has no end is left out."""
    into = (rows[:-1, 1] == 1) & (rows[1:, 1] == 0)
    return rows[:-1, 0][into], np.diff(rows[:, 0])[into] / HOUR_S


def _cut(home: str, t: Floats, value: Floats, wall: Floats, length: int) -> list[Span]:
    on = (wall // DAY_S).astype(np.int64)
    days = _heard_days(on)
    found = []
    for start in range(0, len(days) - length + 1, length):
        part = days[start : start + length]
        at = np.minimum(np.searchsorted(part, on), length - 1)
        mine: Bools = part[at] == on
        hour = wall[mine] % DAY_S / HOUR_S
        found.append(Span(home, t[mine], value[mine], hour, at[mine], length))
    return found


def _heard_days(on: Ints) -> Ints:
    """Whole days from the second with a use to the last but one, long silences left out."""
    used = np.unique(on)
    if len(used) < 3:  # noqa: PLR2004 - the first and the last are cut
        return np.empty(0, dtype=np.int64)
    silence = np.diff(used) - 1
    kept = [np.arange(1, gap + 1) if gap <= LONGEST_SILENCE else np.empty(0) for gap in silence]
    between = [day + more for day, more in zip(used[:-1], kept, strict=True)]
    days = np.unique(np.concatenate([used, *between])).astype(np.int64)
    whole: Ints = days[(days > used[0]) & (days < used[-1])]
    return whole
