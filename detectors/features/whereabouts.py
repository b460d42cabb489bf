"""Where the person was last noticed, and whether they may have gone out since."""

import msgspec

from detectors.features.places import EXITS, NEAR_EXITS

DOORSTEP = 30.0
"""Seconds after an outer door moved in which any sensor may still see the one who leaves."""
ON_THE_WAY_OUT = 180.0
"""Seconds after an outer door moved in which a hall by the door may still see them."""


class Whereabouts(msgspec.Struct):
    """The last sign of life.

    Attributes:
        t: When, in epoch seconds; None before the first.
        place: Where.
        exit: When an outer door last moved.
    """

    t: float | None = None
    place: str = ""
    exit: float = float("-inf")

    def notice(self, t: float, place: str) -> float | None:
        """Takes in a sign of life; the length of the silence that it ends, None at the first."""
        before, self.t, self.place = self.t, t, place
        if place in EXITS:
            self.exit = t
        return None if before is None else t - before

    def leapt(self, by: float) -> None:
        """The clock was set ahead by so many seconds, which did not pass."""
        self.t = None if self.t is None else self.t + by
        self.exit += by

    @property
    def perhaps_out(self) -> bool:
        """Whether the last sign was one that someone who leaves would give."""
        if self.t is None:
            return False
        if self.place in EXITS:
            return True
        since = self.t - self.exit
        return since <= (ON_THE_WAY_OUT if self.place in NEAR_EXITS else DOORSTEP)
