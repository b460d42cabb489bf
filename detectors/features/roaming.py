"""Minutes on the move from room to room: walking about, as against sitting up in one room."""

import msgspec

from detectors.features.places import BATHROOM

SETTLED = 1200.0
"""Seconds without a sign of life after which a spell of walking is over."""
STAY = 180.0
"""Seconds that a room is walked through in; whoever is longer in one was sitting there."""
VISIT = 30.0
"""The same of a bathroom: a visit is no walk."""
MOST_ROOMS = 12


class Roaming(msgspec.Struct):
    """Adds up the walking of one night, spell by spell.

    Attributes:
        room: Where the person was last noticed; empty before the first sign.
        came: When they came into it, in epoch seconds.
        last: Their last sign of life.
        began: When the present spell began.
        spell, night: Seconds on the move in the present spell, and in the night so far.
        rooms: Where they were in the night, in the order of their coming.
    """

    room: str = ""
    came: float = 0.0
    last: float = 0.0
    began: float = 0.0
    spell: float = 0.0
    night: float = 0.0
    rooms: list[str] = []

    def step(self, t: float, room: str, weight: float) -> float:
        """Takes in a sign of life in a room; walking to it counts with `weight`, 0 to 1.

        Returns:
            The seconds on the move of the spell that was over before it; 0 where it goes on.
        """
        over = 0.0
        if not self.room or t - self.last > SETTLED:
            over, self.spell, self.began = self.spell, 0.0, t
            self.came = t
        elif room != self.room:
            walked = weight * min(t - self.came, VISIT if self.room in BATHROOM else STAY)
            self.spell += walked
            self.night += walked
            self.came = t
        if room not in self.rooms and len(self.rooms) < MOST_ROOMS:
            self.rooms.append(room)
        self.room, self.last = room, t
        return over

    def end(self) -> None:
        """Ends the night."""
        self.room, self.spell, self.night, self.rooms = "", 0.0, 0.0, []
