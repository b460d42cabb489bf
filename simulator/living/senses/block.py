"""What happened in a home over some days, as its sensors come to look at it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from simulator.living.chance import Chance
from simulator.living.rooms import BATHROOM, BEDROOM, INDOORS
from simulator.living.trace import Act, Trace
from simulator.living.weather import Weather

Times = NDArray[np.float64]

_INDEX = {room: index for index, room in enumerate(INDOORS)}
_NOWHERE = len(INDOORS)
_LATE = {BATHROOM: 1.3, BEDROOM: 2.5}  # behind a door; round the corner of a wardrobe
_LAGS = np.array([_LATE.get(room, 1.0) for room in (*INDOORS, "")])
_LEAVING = 0.85  # share of those who get up whom a sensor might see do it
_AGAIN, _AGAIN_S = 0.2, (61.0, 100.0)  # who has stirred stirs again soon: how often, how soon


@dataclass(frozen=True)
class Block:
    """From `start` up to, not including, `end`, in epoch seconds.

    Attributes:
        moves: Times of movements in each room that a sensor might see, in order, shape (n,).
        acts: What was done at each place, in order.
        weather: Over the street.
    """

    start: float
    end: float
    moves: Mapping[str, Times]
    acts: Mapping[str, Sequence[Act]]
    weather: Weather


class Movements:
    """Turns what one dweller did into single movements; what lies beyond a block waits."""

    def __init__(self, trace: Trace, chances: Iterator[Chance], lag_s: float) -> None:
        self._lag_s = lag_s
        self.trace = trace
        self._chance, self._lags, self._once, self._again, self._seen = islice(chances, 5)
        self._later: tuple[Times, NDArray[np.int8]] = (np.empty(0), np.empty(0, np.int8))

    def until(self, end: float) -> tuple[Times, NDArray[np.int8]]:
        """Times and rooms of all movements before `end` that were not asked for yet, unordered."""
        trace = self.trace
        came_room = _rooms(trace.came_room)
        late = self._lags.waits(len(trace.came_t)) * self._lag_s * _LAGS[came_room]
        came = np.array(trace.came_t) + late, came_room
        seen = self._seen.shares(len(trace.left_t)) < _LEAVING
        left = np.array(trace.left_t)[seen], _rooms(trace.left_room)[seen]
        stirred = self._stirrings()
        for column in (
            trace.came_t,
            trace.came_room,
            trace.left_t,
            trace.left_room,
            trace.from_t,
            trace.to_t,
            trace.in_room,
            trace.rate,
        ):
            column.clear()
        t = np.concatenate((self._later[0], came[0], left[0], stirred[0]))
        room = np.concatenate((self._later[1], came[1], left[1], stirred[1]))
        now = t < end
        self._later = t[~now], room[~now]
        return t[now], room[now]

    def _stirrings(self) -> tuple[Times, NDArray[np.int8]]:
        """Movements at random while in a room: waits of mean 1 along the time weighted by rate."""
        rate = np.array(self.trace.rate)
        start = np.array(self.trace.from_t)
        weighed = np.cumsum((np.array(self.trace.to_t) - start) * rate)
        if not len(weighed) or weighed[-1] <= 0:
            return np.empty(0), np.empty(0, np.int8)
        total = float(weighed[-1])
        number = int(total + 6 * total**0.5 + 12)
        marks = np.cumsum(self._chance.waits(number))
        marks = marks[marks < total]
        stay = np.searchsorted(weighed, marks, side="right")
        before = np.concatenate(((0.0,), weighed[:-1]))
        t = start[stay] + (marks - before[stay]) / rate[stay]
        room = _rooms(self.trace.in_room)[stay]
        again = t + _AGAIN_S[0] + self._again.waits(len(t)) * _AGAIN_S[1]
        twice = (self._once.shares(len(t)) < _AGAIN) & (again < np.array(self.trace.to_t)[stay])
        return np.concatenate((t, again[twice])), np.concatenate((room, room[twice]))


def by_room(parts: Sequence[tuple[Times, NDArray[np.int8]]]) -> dict[str, Times]:
    """The movements of several dwellers, by room and in order of time."""
    t = np.concatenate([part[0] for part in parts])
    room = np.concatenate([part[1] for part in parts])
    order = np.argsort(t, kind="stable")
    t, room = t[order], room[order]
    return {name: t[room == index] for name, index in _INDEX.items()}


def _rooms(names: Sequence[str]) -> NDArray[np.int8]:
    return np.array([_INDEX.get(name, _NOWHERE) for name in names], np.int8)
