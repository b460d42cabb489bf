"""The rooms of a home and the ways between them."""

from dataclasses import dataclass

from simulator.living.chance import Chance

HALLWAY = "hallway"
BEDROOM = "bedroom"
BATHROOM = "bathroom"
KITCHEN = "kitchen"
LOUNGE = "lounge"
OUTSIDE = "outside"


@dataclass(frozen=True)
class Rooms:
    """A flat whose rooms all open off its hallway.

    Attributes:
        metres: From the middle of the hallway to where one usually is in each room.
    """

    metres: dict[str, float]

    def way(self, start: str, goal: str) -> list[tuple[str, float]]:
        """The rooms passed from `start` to `goal`, each with the metres to it."""
        if start == goal:
            return []
        if HALLWAY in {start, goal}:
            return [(goal, self.metres[start if goal == HALLWAY else goal])]
        return [(HALLWAY, self.metres[start]), (goal, self.metres[goal])]


def draw_rooms(chance: Chance) -> Rooms:
    """A flat or small house: metres as walked, doors, corners and light switches included."""
    return Rooms(
        {
            BEDROOM: chance.between(6, 14),
            BATHROOM: chance.between(4, 12),
            KITCHEN: chance.between(4, 10),
            LOUNGE: chance.between(4, 11),
            OUTSIDE: chance.between(2, 4),
        }
    )
