"""The rooms of a home as a graph with distances, and the ways through it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from simulator.living.chance import Chance

HALLWAY = "hallway"
BEDROOM = "bedroom"
BATHROOM = "bathroom"
KITCHEN = "kitchen"
LOUNGE = "lounge"
OUTSIDE = "outside"
GARDEN = "garden"
LANDING = "landing"

INDOORS = (BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE)

Door = tuple[str, str, float]
Way = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Rooms:
    """Where one can go from where, and how far it is.

    Attributes:
        doors: Which rooms open on each other, with the metres from the middle of one to the other.
    """

    doors: tuple[Door, ...]
    _ways: dict[tuple[str, str], Way] = field(default_factory=dict, compare=False, repr=False)

    def way(self, start: str, goal: str) -> Way:
        """The rooms passed from `start` to `goal`, each with the metres to it; the shortest way.

        Raises:
            ValueError: Nothing leads there.
        """
        way = self._ways.get((start, goal))
        if way is None:
            way = self._ways[start, goal] = _shortest(self._beside(), start, goal)
        return way

    def _beside(self) -> Mapping[str, list[tuple[str, float]]]:
        beside: dict[str, list[tuple[str, float]]] = {}
        for one, other, metres in self.doors:
            beside.setdefault(one, []).append((other, metres))
            beside.setdefault(other, []).append((one, metres))
        return beside


def _shortest(beside: Mapping[str, Iterable[tuple[str, float]]], start: str, goal: str) -> Way:
    ahead: list[tuple[float, str, Way]] = [(0.0, start, ())]
    seen: set[str] = set()
    while ahead:
        far, room, way = heappop(ahead)
        if room == goal:
            return way
        if room not in seen:
            seen.add(room)
            for other, metres in beside.get(room, ()):
                heappush(ahead, (far + metres, other, (*way, (other, metres))))
    raise ValueError(f"no way leads from {start} to {goal}")


def draw_rooms(chance: Chance) -> Rooms:
    """A flat, a bungalow or a small house: metres as walked, corners and all.

    On one floor everything opens off the hallway; upstairs, bedroom and bathroom open off a
    landing, where no sensor hangs. In some homes the kitchen opens on the lounge too; the
    garden lies behind one of them. Stairs count as the longer way they are.
    """
    upstairs = chance.happens(0.5)
    above = LANDING if upstairs else HALLWAY
    bath = HALLWAY if upstairs and chance.happens(0.2) else above
    doors: list[Door] = [
        (above, BEDROOM, chance.between(2, 8)),
        (bath, BATHROOM, chance.between(2, 8)),
        (HALLWAY, LOUNGE, chance.between(2, 8)),
        (HALLWAY, OUTSIDE, chance.between(2, 4)),
        (chance.pick(((KITCHEN, 0.75), (LOUNGE, 0.25))), GARDEN, chance.between(2, 6)),
    ]
    if upstairs:
        doors.append((HALLWAY, LANDING, chance.between(5, 10)))
    off_lounge, off_hallway = chance.pick((((1, 1), 0.4), ((1, 0), 0.18), ((0, 1), 0.42)))
    if off_lounge:
        doors.append((KITCHEN, LOUNGE, chance.between(2, 8)))
    if off_hallway:
        doors.append((HALLWAY, KITCHEN, chance.between(2, 8)))
    if chance.happens(0.5):
        doors.append((BEDROOM, BATHROOM, chance.between(2, 6)))
    return Rooms(tuple(doors))
