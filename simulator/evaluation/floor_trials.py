"""Runs a floor over a home as recorded and over every episode, on counts of days."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from simulator.evaluation.courses import Home, Injected
from simulator.evaluation.floors.daily import Daily, Measure, count
from simulator.evaluation.floors.floor import Flags, Floor
from simulator.evaluation.floors.registry import FLOORS
from simulator.evaluation.homes import Outage
from simulator.evaluation.measures import Array, FloorResult, merged

TryFloors = Callable[[Home, Sequence[Injected], Sequence[Outage]], dict[str, FloorResult]]
"""Tries all floors of a subject on a home, by name."""


def no_floors(
    _home: Home, _injected: Sequence[Injected], _outages: Sequence[Outage]
) -> dict[str, FloorResult]:
    """Nobody has a simple detector for this."""
    return {}


def daily_floors(measure: Measure) -> TryFloors:
    """The floors that count days, of one measure."""

    def try_all(
        home: Home, injected: Sequence[Injected], outages: Sequence[Outage]
    ) -> dict[str, FloorResult]:
        return {floor.name: try_floor(floor, measure, home, injected, outages) for floor in FLOORS}

    return try_all


def try_floor(
    make: type[Floor],
    measure: Measure,
    home: Home,
    injected: Sequence[Injected],
    outages: Sequence[Outage],
) -> FloorResult:
    """A floor at all its limits: what it raises of the home as it was, and of each episode.

    It judges at midnight. An alert is opened where a day alarms and the day before did not.
    """
    floor, daily = make(measure), as_recorded(home, measure)
    starting: defaultdict[int, list[Injected]] = defaultdict(list)
    for one in injected:
        starting[home.calendar.moment(one.start).day].append(one)
    flags: list[Flags | None] = []
    delays: defaultdict[str, list[Array]] = defaultdict(list)
    before: Flags | None = None
    for index, row in enumerate(daily.rows):
        for one in starting.get(daily.first + index, ()):
            delays[one.severity].append(_delay(floor.branch(), before, one, measure, home))
        before = floor.step(row)
        flags.append(before)
    opened = _opened(flags, daily.first, home, len(floor.limits))
    return FloorResult(
        home=home.events[0].home,
        limits=np.asarray(floor.limits, float),
        alerts=np.array([merged(_outside(times, outages)) for times in opened], float),
        judged=sum(each is not None for each in flags),
        days=len(flags),
        delays={name: np.array(found) for name, found in delays.items()},
        chances={
            name: np.array(
                [
                    [any(one.start < t <= one.end for t in times) for times in opened]
                    for one in injected
                    if one.severity == name
                ],
                float,
            )
            for name in delays
        },
    )


def as_recorded(home: Home, measure: Measure) -> Daily:
    """The days of a home from its first to its last."""
    first, last = (
        home.calendar.moment(e.at.timestamp()).day for e in (home.events[0], home.events[-1])
    )
    return count(home.events, measure, home.calendar, first, last - first + 1)


def _delay(
    floor: Floor, before: Flags | None, one: Injected, measure: Measure, home: Home
) -> Array:
    """Seconds from onset to the first alert at each limit; NaN where there is none."""
    first = home.calendar.moment(one.start).day
    days = home.calendar.moment(one.end - 1).day - first + 1
    found = np.full(len(floor.limits), np.nan)
    for index, row in enumerate(count(one.events, measure, home.calendar, first, days).rows):
        flags = floor.step(row)
        if flags is not None:
            opened = flags & ~(np.zeros_like(flags) if before is None else before)
            delay = home.calendar.at(first + index, 24) - one.start
            found = np.where(opened & np.isnan(found), delay, found)
        before = flags
    return np.asarray(found)


def _opened(
    flags: Sequence[Flags | None], first: int, home: Home, limits: int
) -> list[list[float]]:
    """When alerts were opened, in epoch seconds, at each limit."""
    found: list[list[float]] = [[] for _ in range(limits)]
    before = np.zeros(limits, bool)
    for index, each in enumerate(flags):
        now = np.zeros(limits, bool) if each is None else each
        for limit in np.flatnonzero(now & ~before):
            found[limit].append(home.calendar.at(first + index, 24))
        before = now
    return found


def _outside(times: Sequence[float], outages: Sequence[Outage]) -> list[float]:
    return [t for t in times if not any(o.start < t <= o.end for o in outages)]
