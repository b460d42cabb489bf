"""A course of wandering: by night somebody walks about the home's own rooms, and perhaps leaves it.

Steps from room to room fall on the home's own motion sensors, a minute or so apart. Where somebody
leaves, an outer door of the home opens in the midst of the walk, and nothing is heard inside until
they come back. Whatever else was recorded stays.
"""

from datetime import UTC, datetime
from math import log
from typing import NamedTuple

import msgspec
import numpy as np

from contract import Kind, SensorEvent
from detectors.features.places import EXITS
from simulator.evaluation.courses import DAY_S, HOUR_S, Home, Injected
from simulator.evaluation.episodes import WARM_UP_DAYS, lived_in
from simulator.evaluation.injection import time_of

MINUTES = (30, 60, 90)
"""How long somebody walks about."""
NIGHTS = 10
"""So many nights of each home are struck, each at every length."""
NIGHT_ENDS = 5
STEP_S, SPREAD = 60.0, 0.8
"""Median seconds in one room, and the standard deviation of their log."""
OUT_S = (1200.0, 3600.0)
"""How long somebody who leaves is out, at least and at most."""
GRACE_S = 0.5 * HOUR_S
"""An alert so long after the end still counts."""
MOMENT_S = 5.0
"""Seconds after which an outer door that opened is closed."""


class Walk(NamedTuple):
    """A walk to be written into a night: its minutes, rooms, the door if any, and its name."""

    minutes: int
    rooms: list[SensorEvent]
    door: SensorEvent | None
    name: str


def wandering(home: Home, rng: np.random.Generator) -> list[Injected]:
    """Walks of each length on random nights, with and without leaving by an outer door."""
    rooms = _one_a_place(home.events, kind=Kind.MOTION)
    doors = [one for one in _one_a_place(home.events, kind=Kind.OPENING) if one.place in EXITS]
    if len(rooms) < 2:  # noqa: PLR2004 - from one room to another
        return []
    found = []
    for night in _nights(home, rng):
        seed = int(rng.integers(2**32))
        for minutes in MINUTES:
            for door in (None, *doors[:1]):
                chance = np.random.default_rng(seed)
                name = f"{minutes} min" + (", leaving" if door else "")
                found.append(_struck(home, night, Walk(minutes, rooms, door, name), chance))
    return found


def _nights(home: Home, rng: np.random.Generator) -> list[int]:
    """Random nights after the warm-up, before days that were lived in and after such days."""
    days = lived_in(home.events, home.calendar)
    first = min(days, default=0) + WARM_UP_DAYS
    nights = [day for day in sorted(days) if day >= first and day - 1 in days]
    return [int(night) for night in rng.permutation(nights)[:NIGHTS]]


def _struck(
    home: Home,
    night: int,
    walk: Walk,
    rng: np.random.Generator,
) -> Injected:
    minutes, rooms, door, name = walk
    out = float(rng.uniform(*OUT_S)) if door else 0.0
    length = minutes * 60 + out
    begin = home.calendar.at(night, 0)
    start = float(rng.uniform(begin, max(home.calendar.at(night, NIGHT_ENDS) - length, begin + 1)))
    steps = _steps(rooms, start, minutes * 60, rng)
    end = start + length + GRACE_S
    recorded = [event for event in home.events if start <= time_of(event) < end]
    if door:
        leaves = steps[len(steps) // 2].at.timestamp() + MOMENT_S
        steps = [one if time_of(one) < leaves else _at(one, time_of(one) + out) for one in steps]
        recorded = [one for one in recorded if not leaves <= time_of(one) < leaves + out]
        steps += _opened(home, door, leaves) + _opened(home, door, leaves + out)
    return Injected(name, start, end, sorted([*recorded, *steps], key=time_of))


def _steps(
    rooms: list[SensorEvent], start: float, length: float, rng: np.random.Generator
) -> list[SensorEvent]:
    """A walk: each step to another room than the last."""
    steps: list[SensorEvent] = []
    t = start + 1.0
    here = -1
    while t < start + length:
        others = [index for index in range(len(rooms)) if index != here]
        here = int(rng.choice(others))
        steps.append(_at(rooms[here], t))
        t += float(rng.lognormal(log(STEP_S), SPREAD))
    return steps


def _opened(home: Home, door: SensorEvent, t: float) -> list[SensorEvent]:
    """The door opens, and closes where it is one that tells so."""
    closes = next((e for e in home.events if e.sensor == door.sensor and e.value == 0), None)
    return [_at(door, t), *([_at(closes, t + MOMENT_S)] if closes else [])]


def _one_a_place(events: list[SensorEvent], *, kind: str) -> list[SensorEvent]:
    """An event of that kind for each place that often has one, the busiest first."""
    by_place: dict[str, list[SensorEvent]] = {}
    for event in events:
        if event.kind == kind and event.value == 1:
            by_place.setdefault(event.place, []).append(event)
    days = max((time_of(events[-1]) - time_of(events[0])) / DAY_S, 1.0) if events else 1.0
    often = [some for some in by_place.values() if len(some) >= days / 2]
    return [some[0] for some in sorted(often, key=len, reverse=True)]


def _at(event: SensorEvent, t: float) -> SensorEvent:
    return msgspec.structs.replace(event, at=datetime.fromtimestamp(round(t, 3), UTC))
