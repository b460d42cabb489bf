"""Glimpses: who is up and about passes several sensors, a pet is seen by one and gone."""

import msgspec

from detectors.moment import Moment
from detectors.protocol import Lot

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

    def among(self, lot: Lot) -> list[Moment]:
        """Takes in activations; the moments of those before which stood a glimpse."""
        found = []
        last, alone, here, before = self.last, self.alone, self.room, self.before
        for event, moment in lot:
            t, room = moment.t, event.place
            quiet = t - last > APART
            if alone and quiet and here not in (before, room):
                found.append(moment)
            last, alone, here, before = t, quiet, room, here
        self.last, self.alone, self.room, self.before = last, alone, here, before
        return found
