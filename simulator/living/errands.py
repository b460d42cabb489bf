"""Short stays here and there through the home, a hundred and more a day.

Nothing in one of them depends on anything but where somebody was before. So many are drawn at once
and laid out on a time of their own, and a round of them is copied into the trace without a call for
each: they are most of what a sensor sees, and most of what a street costs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.living.chance import Chance
from simulator.living.own import Own
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE, Rooms
from simulator.living.trace import Trace

_DRAWN = 160
_LONGER = {KITCHEN: 1.3, LOUNGE: 1.2, BEDROOM: 2.6, BATHROOM: 1.4, HALLWAY: 0.5}
_STRAY, PACE_STRAY = 0.8, 0.25  # of stays and of the pace, sigma of the logarithm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Errands:
    """What somebody will see to next, and how: one list entry an errand.

    Args:
        own: Theirs.
        rooms: Of the home.
        chance: For errands alone.

    Attributes:
        room: Where.
        stay_s: For how long.
        pace: How fast they walk there, as a multiple of their usual.
        pause_s: How long they stop before they set off.
        at: The next one's place in the lists.
    """

    def __init__(self, own: Own, rooms: Rooms, chance: Chance) -> None:
        self._own = own
        self._chance = chance
        self._names = [room for room, _ in own.favours]
        self._ways = _Ways(rooms, self._names)
        self._longer = np.array([own.errand_s * _LONGER[room] for room in self._names])
        self.draw(dict(own.favours), 1.0)

    @property
    def left(self) -> int:
        """How many are left."""
        return _DRAWN - self.at

    def draw(self, favours: Mapping[str, float], pace: float) -> None:
        """Draws them anew, with these weights of the rooms; `pace` is of the usual."""
        own, chance = self._own, self._chance
        self._favours, self._pace = favours, pace
        weights = np.cumsum([favours[room] for room in self._names])
        which = np.searchsorted(weights, chance.shares(_DRAWN) * weights[-1], side="right")
        pauses = chance.waits(_DRAWN) * own.pause_s * (chance.shares(_DRAWN) < own.pausing)
        stays = self._longer[which] * np.exp(_STRAY * chance.normals(_DRAWN))
        paces = np.exp(PACE_STRAY * chance.normals(_DRAWN))
        snack = (chance.shares(_DRAWN) < own.snacking) & (which == self._names.index(KITCHEN))
        self._snacks: list[int] = [*np.flatnonzero(snack).tolist(), _DRAWN]
        self.room: list[str] = [self._names[index] for index in which.tolist()]
        self.stay_s: list[float] = stays.tolist()
        self.pace: list[float] = paces.tolist()
        self.pause_s: list[float] = pauses.tolist()
        self._lay_out(which, pauses, paces * own.pace * pace, stays)
        self.at = 0

    def take(self) -> int:
        """Takes the next one; draws more where none is left. Returns its place in the lists."""
        if self.at == _DRAWN:
            self.draw(self._favours, self._pace)
        self.at += 1
        return self.at - 1

    def is_snack(self, which: int) -> bool:
        """Whether this one ends at the fridge."""
        return self._snacks[bisect_left(self._snacks, which)] == which

    def rush(self, number: int, t: float, until: float, trace: Trace) -> tuple[float, float]:
        """Does up to `number` at once, from where the last one ended at `t`.

        Stops before one that ends at the fridge, and with the one that `until` (epoch seconds)
        falls into. Returns when the last one ended, `t` where none was done, and what `until` cut
        off it, in seconds.
        """
        first = self.at
        last = min(first + number, self._snacks[bisect_left(self._snacks, first)])
        zero = t - self._ends[first - 1]
        last = bisect_right(self._arrivals, until - zero, first, last)
        if last <= first:
            return t, 0.0
        self.at = last
        self._copy(trace, first, last, zero)
        end = zero + self._ends[last - 1]
        if end <= until:
            return end, 0.0
        trace.to_t[-1] = max(until, trace.from_t[-1])
        return trace.to_t[-1], end - trace.to_t[-1]

    def _copy(self, trace: Trace, first: int, last: int, zero: float) -> None:
        rate = 1 / self._own.busy_s
        trace.from_t += [zero + t for t in self._arrivals[first:last]]
        trace.to_t += [zero + t for t in self._ends[first:last]]
        trace.in_room += self.room[first:last]
        trace.rate += [rate] * (last - first)
        walk, walked = self._walk_of[first], self._walk_of[last]
        trace.left_t += [zero + t for t in self._left_t[walk:walked]]
        trace.left_room += self._left_room[walk:walked]
        leg, legs = self._leg_of[first], self._leg_of[last]
        trace.came_t += [zero + t for t in self._came_t[leg:legs]]
        trace.came_room += self._came_room[leg:legs]

    def _lay_out(self, which: Ints, pauses: Floats, speeds: Floats, stays: Floats) -> None:
        """All of them one after the other, on a time that begins with the first."""
        before = np.concatenate((which[:1], which[:-1]))
        moved = which != before
        pairs = before * len(self._names) + which
        walks = np.where(moved, pauses + self._ways.metres[pairs] / speeds, 0.0)
        ends = np.cumsum(walks + stays)
        arrivals = ends - stays
        starts = arrivals - walks
        self._ends: list[float] = ends.tolist()
        self._arrivals: list[float] = arrivals.tolist()
        self._left_t: list[float] = starts[moved].tolist()
        self._left_room = [self._names[index] for index in before[moved].tolist()]
        self._walk_of: list[int] = np.concatenate(((0,), np.cumsum(moved))).tolist()
        legs, metres, rooms = self._ways.legs(pairs)
        set_off = np.repeat(starts + pauses, legs)
        self._came_t: list[float] = (set_off + metres / np.repeat(speeds, legs)).tolist()
        self._came_room = [self._ways.rooms[index] for index in rooms.tolist()]
        self._leg_of: list[int] = np.concatenate(((0,), np.cumsum(legs))).tolist()


class _Ways:
    """The ways between some rooms of a home, as arrays by pair of rooms.

    Attributes:
        rooms: All that are passed.
        metres: Of each way, shape (pairs,).
    """

    def __init__(self, rooms: Rooms, names: list[str]) -> None:
        ways = [rooms.way(start, goal) for start in names for goal in names]
        self.rooms = sorted({room for way in ways for room, _ in way})
        self._numbers = np.array([len(way) for way in ways])
        self._first = np.cumsum(self._numbers) - self._numbers
        self._far = np.concatenate([np.cumsum([metres for _, metres in way]) for way in ways])
        self._where = np.array([self.rooms.index(room) for way in ways for room, _ in way])
        self.metres = np.array([sum(metres for _, metres in way) for way in ways])

    def legs(self, pairs: Ints) -> tuple[Ints, Floats, Ints]:
        """How many rooms each way passes, and the metres to and the index of all of them."""
        numbers = self._numbers[pairs]
        begins = np.cumsum(numbers) - numbers
        within = np.arange(int(numbers.sum())) - np.repeat(begins, numbers)
        legs = np.repeat(self._first[pairs], numbers) + within
        return numbers, self._far[legs], self._where[legs]
