"""The rooms of a home as a graph with distances, and the ways through it."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from simulator.living.arrays import Floats, Ints, ranges
from simulator.living.chance import Chance

HALLWAY: Final = "hallway"
BEDROOM: Final = "bedroom"
BATHROOM: Final = "bathroom"
KITCHEN: Final = "kitchen"
LOUNGE: Final = "lounge"
OUTSIDE: Final = "outside"
GARDEN: Final = "garden"
LANDING: Final = "landing"

INDOORS: Final = (BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE)
"""Where a sensor may hang."""

ROOMS: Final = (*INDOORS, LANDING, OUTSIDE, GARDEN)
"""All there are; their places here are their numbers, those indoors first."""

NUMBER: Final = {room: number for number, room in enumerate(ROOMS)}

Door = tuple[str, str, float]
Legs = tuple[tuple[str, float], ...]


class Way(NamedTuple):
    """The shortest way from one room to another.

    Attributes:
        number: That of the first room times how many rooms there are, plus that of the last.
        metres: How long it is.
        legs: The rooms passed, each with the metres to it from the one before.
    """

    number: int
    metres: float
    legs: Legs


class Rooms:
    """Where one can go from where, and how far it is.

    Args:
        doors: Which rooms open on each other, with the metres from the middle of one to the other.

    Attributes:
        metres: Of each way, by its number, shape (ways,); NaN where none leads.
    """

    def __init__(self, doors: Sequence[Door]) -> None:
        beside: dict[str, list[tuple[str, float]]] = {}
        for one, other, metres in doors:
            beside.setdefault(one, []).append((other, metres))
            beside.setdefault(other, []).append((one, metres))
        self._ways = {
            (start, goal): Way(_number(start, goal), sum(far for _, far in legs), legs)
            for start in beside
            for goal, legs in _shortest(beside, start)
        }
        self.metres = np.full(len(ROOMS) ** 2, np.nan)
        self._legs = np.zeros(len(ROOMS) ** 2, np.int64)
        for way in self._ways.values():
            self.metres[way.number] = way.metres
            self._legs[way.number] = len(way.legs)
        ordered = [way.legs for way in sorted(self._ways.values())]
        self._first = self._legs.cumsum() - self._legs
        self._far = np.array([far for legs in ordered for far in accumulate(m for _, m in legs)])
        self._where = np.array([NUMBER[room] for legs in ordered for room, _ in legs])

    def way(self, start: str, goal: str) -> Way:
        """The shortest way.

        Raises:
            ValueError: Nothing leads there.
        """
        try:
            return self._ways[start, goal]
        except KeyError:
            raise ValueError(f"no way leads from {start} to {goal}") from None

    def passed(self, start: Floats, speed: Floats, ways: Ints) -> tuple[Floats, Ints]:
        """When walks at so many metres a second come to each room on their way, and its number.

        Args:
            start: In epoch seconds, shape (n,).
            speed: Shape (n,).
            ways: Their numbers, shape (n,).
        """
        if not len(ways):
            return start, ways
        legs = self._legs.take(ways)
        which = ranges(self._first.take(ways), legs)
        far = self._far.take(which) / speed.repeat(legs)
        return start.repeat(legs) + far, self._where.take(which)


def _number(start: str, goal: str) -> int:
    return NUMBER[start] * len(ROOMS) + NUMBER[goal]


def _shortest(
    beside: Mapping[str, Iterable[tuple[str, float]]], start: str
) -> Iterable[tuple[str, Legs]]:
    ahead: list[tuple[float, str, Legs]] = [(0.0, start, ())]
    seen: set[str] = set()
    while ahead:
        far, room, legs = heappop(ahead)
        if room not in seen:
            seen.add(room)
            yield room, legs
            for other, metres in beside[room]:
                heappush(ahead, (far + metres, other, (*legs, (other, metres))))


def draw_rooms(chance: Chance) -> Rooms:
    """A flat, a bungalow or a small house: metres as walked, corners and all.

    On one floor everything opens off the hallway; upstairs, bedroom and bathroom open off a
    landing, where no sensor hangs. In some homes the kitchen opens on the lounge too; the
    garden lies behind one of them. The bathroom may open on the bedroom, too, or on that alone.
    Stairs count as the longer way they are.
    """
    upstairs = chance.happens(0.5)
    above = LANDING if upstairs else HALLWAY
    bath = HALLWAY if upstairs and chance.happens(0.2) else above
    doors: list[Door] = [
        (above, BEDROOM, chance.between(2, 8)),
        (HALLWAY, LOUNGE, chance.between(2, 8)),
        (HALLWAY, OUTSIDE, chance.between(2, 4)),
        (chance.pick(((KITCHEN, 0.75), (LOUNGE, 0.25))), GARDEN, chance.between(2, 6)),
    ]
    if upstairs:
        doors.append((HALLWAY, LANDING, chance.between(5, 10)))
    off_lounge, off_hallway = chance.pick((((1, 1), 0.5), ((1, 0), 0.2), ((0, 1), 0.3)))
    if off_lounge:
        doors.append((KITCHEN, LOUNGE, chance.between(4, 9)))
    if off_hallway:
        doors.append((HALLWAY, KITCHEN, chance.between(2, 8)))
    off_bedroom, off_others = chance.pick((((0, 1), 0.45), ((1, 1), 0.37), ((1, 0), 0.18)))
    if off_bedroom:
        doors.append((BEDROOM, BATHROOM, chance.between(2, 8)))
    if off_others:
        doors.append((bath, BATHROOM, chance.between(1, 6)))
    return Rooms(doors)
