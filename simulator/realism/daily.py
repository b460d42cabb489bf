"""Every day as a vector: whatever somebody who doubts might tell made-up days from real ones by."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.realism.clock import Floats, Ints
from simulator.realism.hearing import ROOMS, SENSORS
from simulator.realism.homes import VISIT_S, Home
from simulator.realism.measures.rhythm import DAY_HOURS, NIGHT_HOURS, SMALL_HOURS, gaps, longest
from simulator.realism.measures.times import LONGEST_WAY_S

_BLOCKS = 6
_BLOCK_HOURS = 4
_TOGETHER_S = 5.0
_SHARES = (("1 %", 0.01), ("10 %", 0.1), ("median", 0.5), ("90 %", 0.9))
Feature = tuple[str, Floats]


class Vectors(NamedTuple):
    """Days as vectors.

    Attributes:
        names: Of the F features.
        values: NaN where a day cannot tell, shape (n, F).
        home: Index of each day's home, shape (n,).
    """

    names: list[str]
    values: Floats
    home: Ints


def vectors(homes: list[Home], sensors: tuple[str, ...] = SENSORS) -> Vectors:
    """All days of the homes, told by these sensors alone."""
    features = [list(_features(home, sensors)) for home in homes]
    days = [np.column_stack([column for _, column in found]) for found in features]
    return Vectors(
        names=[name for name, _ in features[0]] if features else [],
        values=np.vstack(days) if days else np.empty((0, 0)),
        home=np.repeat(np.arange(len(homes)), [len(home.days) for home in homes]),
    )


def by_day(values: Floats, day: Ints, days: int, share: float) -> Floats:
    """A quantile of the values of each day, the lower of two; NaN on days without, shape (D,)."""
    order = np.lexsort((values, day))
    sizes = np.bincount(day, minlength=days)
    begins = np.cumsum(sizes) - sizes
    found = np.full(days, np.nan)
    some = sizes > 0
    at = begins[some] + ((sizes[some] - 1) * share).astype(np.int64)
    found[some] = values[order][at]
    return found


def _features(home: Home, sensors: tuple[str, ...]) -> Iterator[Feature]:
    rows = [SENSORS.index(sensor) for sensor in sensors]
    kept = np.isin(home.sensor, rows)
    home = Home(
        name=home.name,
        t=home.t[kept],
        sensor=home.sensor[kept],
        day=home.day[kept],
        hour=home.hour[kept],
        days=home.days,
        hours=home.hours,
        left_out=home.left_out,
    )
    yield from _volumes(home, sensors)
    yield from _silences(home)
    for sensor in sensors:
        yield from _one_sensor(home, sensor)
    yield from _journeys(home, tuple(sensor for sensor in sensors if sensor in ROOMS))


def _volumes(home: Home, sensors: tuple[str, ...]) -> Iterator[Feature]:
    """How much, by sensor and part of the day."""
    days = len(home.days)
    on = home.day >= 0
    blocks = (home.hour[on] // _BLOCK_HOURS).astype(np.int64)
    cells = (home.sensor[on] * days + home.day[on]) * _BLOCKS + blocks
    table = np.bincount(cells, minlength=len(SENSORS) * days * _BLOCKS)
    table = table.reshape(len(SENSORS), days, _BLOCKS)
    for sensor in sensors:
        for block in range(_BLOCKS):
            first = block * _BLOCK_HOURS
            name = f"{sensor} {first:02}-{first + _BLOCK_HOURS:02} h"
            yield name, table[SENSORS.index(sensor), :, block].astype(np.float64)
    total = table.sum(axis=(0, 2)).astype(np.float64)
    yield "all", total
    yield "all, over the home's median", total / max(float(np.median(total)), 1.0)
    for sensor in sensors:
        yield f"{sensor}, share of all", table[SENSORS.index(sensor)].sum(axis=1) / total


def _silences(home: Home) -> Iterator[Feature]:
    """The longest and how many, the first and the last activation, and how even all is."""
    days = len(home.days)
    yield "longest silence 08-22 h", longest(home, *DAY_HOURS)
    yield "longest silence 00-06 h", longest(home, *NIGHT_HOURS)
    silent = gaps(home, *DAY_HOURS)
    for least in (0.5, 1, 2):
        found = np.bincount(silent.day[silent.hours > least], minlength=days)
        yield f"silences over {least:g} h, 08-22 h", found.astype(np.float64)
    late = (home.day >= 0) & (home.hour >= SMALL_HOURS)
    yield "first after 04 h", by_day(home.hour[late], home.day[late], days, 0)
    yield "last", by_day(home.hour[late], home.day[late], days, 1)
    on = home.day >= 0
    hours = np.bincount(
        home.day[on] * 24 + home.hour[on].astype(np.int64), minlength=days * 24
    ).reshape(days, 24)
    yield "hours with activity", (hours > 0).sum(axis=1).astype(np.float64)
    yield "busiest hour", hours.max(axis=1).astype(np.float64)
    follows = on[1:] & (np.diff(home.day) == 0)
    steps, day = np.diff(home.t)[follows], home.day[1:][follows]
    for name, share in _SHARES:
        yield f"between activations, {name}", by_day(steps, day, days, share)
    apart = np.diff(home.sensor)[follows] != 0
    close = np.bincount(day[(steps <= _TOGETHER_S) & apart], minlength=days)
    yield "two sensors within 5 s", close.astype(np.float64)


def _one_sensor(home: Home, sensor: str) -> Iterator[Feature]:
    """Visits, how long they last, and the intervals between activations."""
    days = len(home.days)
    row = SENSORS.index(sensor)
    mine = home.sensor == row
    t, day, hour = home.t[mine], home.day[mine], home.hour[mine]
    steps = np.diff(t)
    begins = np.concatenate([[True], steps > VISIT_S]) if len(t) else np.empty(0, dtype=bool)
    visit = np.cumsum(begins) - 1
    stay: Floats = np.bincount(visit[1:], steps * ~begins[1:], minlength=int(begins.sum())).astype(
        np.float64
    )
    day0, hour0, t0 = day[begins], hour[begins], t[begins]
    on = day0 >= 0
    yield f"{sensor} visits", np.bincount(day0[on], minlength=days).astype(np.float64)
    night = on & (hour0 < NIGHT_HOURS[1])
    yield f"{sensor} visits 00-06 h", np.bincount(day0[night], minlength=days).astype(np.float64)
    yield f"{sensor} stay, median", by_day(stay[on], day0[on], days, 0.5)
    yield f"{sensor} stay, longest", by_day(stay[on], day0[on], days, 1)
    again = (day0[1:] >= 0) & (np.diff(day0) == 0) if len(t0) else np.empty(0, dtype=bool)
    yield f"{sensor} between visits", by_day(np.diff(t0)[again], day0[1:][again], days, 0.5)
    follows = (day[1:] >= 0) & (np.diff(day) == 0)
    for name, share in _SHARES:
        yield f"{sensor} interval, {name}", by_day(steps[follows], day[1:][follows], days, share)
    late = (day >= 0) & (hour >= SMALL_HOURS)
    yield f"{sensor} first after 04 h", by_day(hour[late], day[late], days, 0)
    yield f"{sensor} last", by_day(hour[late], day[late], days, 1)


def _journeys(home: Home, rooms: tuple[str, ...]) -> Iterator[Feature]:
    """From room to room: how often, and how many seconds."""
    days = len(home.days)
    steps = np.diff(home.t)
    near = (home.day[1:] >= 0) & (steps <= LONGEST_WAY_S)
    for start in rooms:
        for goal in rooms:
            if start == goal:
                continue
            way: NDArray[np.bool_] = (
                near
                & (home.sensor[:-1] == SENSORS.index(start))
                & (home.sensor[1:] == SENSORS.index(goal))
            )
            day = home.day[1:][way]
            yield f"{start} to {goal}, number", np.bincount(day, minlength=days).astype(np.float64)
            yield f"{start} to {goal}, median s", by_day(steps[way], day, days, 0.5)
