"""Homes as TIHM would have seen them: activations of eight sensors on whole local days.

One rule for both sides says which days count and when a sensor is dead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.realism.clock import DAY_S, HOUR_S, Floats, Ints, WallClock
from simulator.realism.hearing import SENSORS, Heard

Bools = NDArray[np.bool_]

VISIT_S = 300.0
"""What comes within so many seconds of a sensor's last activation belongs to the same visit."""
LEAST_DAYS = 14
"""Homes with fewer days that count are left out."""
LEAST_SHARE = 0.2
"""A day with less than this share of the home's median day was not recorded in full."""
SPEAKS_OFTEN = 5
"""A sensor with so many activations on its median day is dead on a day without any."""


class Stream(NamedTuple):
    """Activations or visits of one sensor on days that count.

    Attributes:
        t: Epoch seconds, shape (n,).
        day: Index of the day among those that count, shape (n,).
        hour: On the wall, from 0 to below 24, shape (n,).
    """

    t: Floats
    day: Ints
    hour: Floats


@dataclass(frozen=True, eq=False)
class Home:
    """One home over the D days that count.

    Attributes:
        name: The home's.
        t, sensor: All activations, also on days that do not count: epoch seconds in order of time,
            and which of `SENSORS`, shape (n,).
        day: Index of the day that each is on, -1 where that does not count, shape (n,).
        hour: On the wall, shape (n,).
        days: Days since 1970-01-01, shape (D,).
        hours: When each hour from 0 to 24 began, in epoch seconds, shape (D, 25).
        left_out: Days within the recording that do not count, the first and last included.
    """

    name: str
    t: Floats
    sensor: Ints
    day: Ints
    hour: Floats
    days: Ints
    hours: Floats
    left_out: int

    @cached_property
    def counts(self) -> Ints:
        """Activations by sensor and day, shape (8, D)."""
        on = self.day >= 0
        cells = self.sensor[on] * len(self.days) + self.day[on]
        size = len(SENSORS) * len(self.days)
        return np.bincount(cells, minlength=size).reshape(len(SENSORS), len(self.days))

    @cached_property
    def alive(self) -> Bools:
        """On which days each sensor is believed to work, shape (8, D).

        A sensor that speaks on fewer than half of the days is not believed to be there.
        """
        usual = np.median(self.counts, axis=1, keepdims=True)
        works: Bools = (usual > 0) & ((self.counts > 0) | (usual < SPEAKS_OFTEN))
        return works

    def has(self, *sensors: str) -> bool:
        """Whether all these sensors are there and work on two weeks of days."""
        rows = [SENSORS.index(sensor) for sensor in sensors]
        return bool(self.alive[rows].all(axis=0).sum() >= LEAST_DAYS)

    def daily(self, sensor: str) -> Floats:
        """Activations on each day on which the sensor works."""
        row = SENSORS.index(sensor)
        counts: Floats = self.counts[row][self.alive[row]].astype(np.float64)
        return counts

    @cached_property
    def working(self) -> tuple[Stream, ...]:
        """Activations of each sensor on the days on which it works."""
        return tuple(self._working(row) for row in range(len(SENSORS)))

    @cached_property
    def begun(self) -> tuple[Stream, ...]:
        """Visits of each sensor, told by their first activation."""
        return tuple(self._working(row, VISIT_S) for row in range(len(SENSORS)))

    def activations(self, sensor: str) -> Stream:
        """Of one sensor, on the days on which it works."""
        return self.working[SENSORS.index(sensor)]

    def visits(self, sensor: str) -> Stream:
        """The first activation of each visit."""
        return self.begun[SENSORS.index(sensor)]

    def visits_by_day(self, sensor: str, first: float = 0, last: float = 24) -> Floats:
        """Visits that begin from hour `first` to before `last`, on days when the sensor works."""
        row = SENSORS.index(sensor)
        visits = self.begun[row]
        within = (visits.hour >= first) & (visits.hour < last)
        found = np.bincount(visits.day[within], minlength=len(self.days)).astype(np.float64)
        counts: Floats = found[self.alive[row]]
        return counts

    def _working(self, row: int, quiet: float = -1.0) -> Stream:
        mine = self.sensor == row
        t, day, hour = self.t[mine], self.day[mine], self.hour[mine]
        kept = (day >= 0) & self.alive[row, day] & (np.diff(t, prepend=-np.inf) > quiet)
        return Stream(t[kept], day[kept], hour[kept])


def observe(heard: Iterable[Heard], time_zone: str = "Europe/London") -> list[Home]:
    """The homes that have days enough, as TIHM would have seen them."""
    clock = WallClock(time_zone)
    found = (_observe(home, clock) for home in heard)
    return [home for home in found if home is not None]


def _observe(heard: Heard, clock: WallClock) -> Home | None:
    parts = [
        (heard.streams[sensor][:, 0], row)
        for row, sensor in enumerate(SENSORS)
        if sensor in heard.streams
    ]
    if not parts:
        return None
    t = np.concatenate([times for times, _ in parts])
    sensor = np.concatenate([np.full(len(times), row) for times, row in parts])
    order = np.argsort(t, kind="stable")
    t, sensor = t[order], sensor[order]
    wall = clock.wall(t)
    on = (wall // DAY_S).astype(np.int64)
    days = days_that_count(on)
    if len(days) < LEAST_DAYS:
        return None
    at = np.minimum(np.searchsorted(days, on), len(days) - 1)
    return Home(
        name=heard.name,
        t=t,
        sensor=sensor,
        day=np.where(days[at] == on, at, -1),
        hour=wall % DAY_S / HOUR_S,
        days=days,
        hours=clock.hours_of(days),
        left_out=int(on[-1] - on[0]) + 1 - len(days),
    )


def days_that_count(on: Ints) -> Ints:
    """The days that were recorded in full, given the day of each activation, shape (n,).

    The first and the last day are cut by the recording. Of the rest, a day counts that has at least
    a fifth of the activations of the home's median day.
    """
    days, counts = np.unique(on, return_counts=True)
    days, counts = days[1:-1], counts[1:-1]
    if not len(days):
        return days
    return days[counts >= LEAST_SHARE * np.median(counts)]
