"""What happened in a home over some days, as its sensors come to look at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.living.arrays import Floats
from simulator.living.chance import Chance
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, INDOORS, LOUNGE, ROOMS, Rooms
from simulator.living.trace import NO_ACTS, Acts, Done, Trace
from simulator.living.weather import Weather

Times = NDArray[np.float64]
Numbers = NDArray[np.int64]
Seen = tuple[Times, Numbers]

# behind a door; round the corner of a wardrobe; at the far end of the room; where all pass
_LATE: Final = {BATHROOM: 2.2, BEDROOM: 2.5, LOUNGE: 1.1, HALLWAY: 0.5}
_LAGS: Final = np.array([_LATE.get(room, 1.0) for room in ROOMS])
_LEAVING: Final = 0.85  # share of those who get up whom a sensor might see do it
_AGAIN: Final = 0.07  # share of those who have stirred that stir again soon
_AGAIN_S: Final = (61.0, 100.0)  # at the soonest, and on average after that
_NOBODY: Final[Seen] = np.empty(0), np.empty(0, np.int64)


@dataclass(frozen=True)
class Block:
    """From `start` up to, not including, `end`, in epoch seconds.

    Attributes:
        moves: Times of movements in each room that a sensor might see, in order, shape (n,).
        acts: What was done at each place, in order of time, shape (n, 3): when; the value, as
            events say; for how many seconds, NaN for what has no length.
        weather: Over the street.
    """

    start: float
    end: float
    moves: Mapping[str, Times]
    acts: Mapping[str, Acts]
    weather: Weather

    def at(self, place: str) -> Acts:
        """What was done at a place; none at one that nobody knows."""
        return self.acts.get(place, NO_ACTS)


class Movements:
    """Turns what one dweller did into single movements; what lies beyond a block waits."""

    CHANCES: Final = 5
    """How many it draws from, each for one thing."""

    def __init__(self, trace: Trace, rooms: Rooms, chances: Iterable[Chance], lag_s: float) -> None:
        self._trace = trace
        self._rooms = rooms
        self._lag_s = lag_s
        self._chance, self._lags, self._once, self._again, self._seen = chances
        self._later: Seen = _NOBODY

    def until(self, end: float) -> tuple[Seen, dict[str, Acts]]:
        """All that was not asked for yet.

        Returns times and rooms of movements before `end`, unordered, and what was done by place.
        """
        if self._trace.empty and not len(self._later[0]):
            return _NOBODY, {}
        done = self._trace.take()
        seen = _together(
            [self._later, self._comings(done), self._leavings(done), self._stirrings(done.stays)]
        )
        now = seen[0] < end
        self._later = _chosen(seen, ~now)
        return _chosen(seen, now), done.acts

    def _comings(self, done: Done) -> Seen:
        """When they are seen to have come in, a moment after they did."""
        started, pause, speed, way = done.walks
        passed = self._rooms.passed(started + pause, speed, way.astype(np.int64))
        t, room = _together([passed, (done.comings[0], done.comings[1].astype(np.int64))])
        order = t.argsort(kind="stable")
        t, room = t.take(order), room.take(order)
        return t + self._lags.waits(len(t)) * self._lag_s * _LAGS.take(room), room

    def _leavings(self, done: Done) -> Seen:
        started, _, _, way = done.walks
        if not len(started):  # as of every visitor
            return _NOBODY
        seen = self._seen.shares(len(started)) < _LEAVING
        return started.compress(seen), way.compress(seen).astype(np.int64) // len(ROOMS)

    def _stirrings(self, stays: Floats) -> Seen:
        """Movements at random while in a room: waits of mean 1 along the time weighted by rate."""
        start, end, room, rate = stays
        weighed = ((end - start) * rate).cumsum()
        if not len(weighed) or weighed[-1] <= 0:
            return _NOBODY
        total = float(weighed[-1])
        marks = self._chance.waits(int(total + 6 * total**0.5 + 12)).cumsum()
        marks = marks[: marks.searchsorted(total)]
        stay = weighed.searchsorted(marks, side="right")
        ends = end.take(stay)
        t = ends - (weighed.take(stay) - marks) / rate.take(stay)
        where = room.take(stay).astype(np.int64)
        again = t + _AGAIN_S[0] + self._again.waits(len(t)) * _AGAIN_S[1]
        twice = (self._once.shares(len(t)) < _AGAIN) & (again < ends)
        again, there = again.compress(twice), where.compress(twice)
        return np.concatenate((t, again)), np.concatenate((where, there))


def by_room(parts: Sequence[Seen]) -> dict[str, Times]:
    """The movements of several dwellers, by room and in order of time."""
    t, room = _together(parts)
    found = {name: t.compress(room == number) for number, name in enumerate(INDOORS)}
    for times in found.values():
        times.sort()
    return found


def acts_of(
    parts: Sequence[Mapping[str, Acts]], later: Mapping[str, Acts], end: float
) -> tuple[dict[str, Acts], dict[str, Acts]]:
    """What several dwellers did and what was left of before: up to `end`, and what is later.

    At one instant in the order of the parts.
    """
    now: dict[str, Acts] = {}
    then: dict[str, Acts] = {}
    for place in dict.fromkeys(place for part in (later, *parts) for place in part):
        rows = np.concatenate([part[place] for part in (later, *parts) if place in part])
        rows = rows.take(rows[:, 0].argsort(kind="stable"), axis=0)
        cut = int(rows[:, 0].searchsorted(end))
        now[place], then[place] = rows[:cut], rows[cut:]
    return now, then


def _chosen(seen: Seen, which: NDArray[np.bool_]) -> Seen:
    return seen[0].compress(which), seen[1].compress(which)


def _together(parts: Sequence[Seen]) -> Seen:
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
