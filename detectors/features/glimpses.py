"""Glimpses: who is up and about passes several sensors, a pet is seen by one and gone."""

import msgspec

APART = 300.0
"""Seconds without any other activation, before and after one that is a glimpse."""


class Glimpses(msgspec.Struct):
    """Tells glimpses from what else motion sensors see in one home.

    A glimpse has nothing around it, and is of another room than what was seen before and after:
    who sits still is seen now and then, too, but in one room.

    Attributes:
        last: The last activation, in epoch seconds.
        alone: Whether nothing came shortly before it.
        room: Where it was.
        before: Where the one before it was.
    """

    last: float = float("-inf")
    alone: bool = False
    room: str = ""
    before: str = ""

    def seen(self, t: float, room: str) -> bool:
        """Takes in an activation at `t` in a room; whether the one before it was a glimpse."""
        quiet = t - self.last > APART
        glimpse = self.alone and quiet and self.room not in (self.before, room)
        self.before, self.room = self.room, room
        self.last, self.alone = t, quiet
        return glimpse
