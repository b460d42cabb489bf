"""Glimpses: who is up and about passes several sensors, a pet is seen by one and gone."""

import msgspec

APART = 300.0
"""Seconds without any other activation, before and after one that is a glimpse."""


class Glimpses(msgspec.Struct):
    """Tells glimpses from what else motion sensors see in one home.

    Attributes:
        last: The last activation, in epoch seconds.
        alone: Whether nothing came shortly before it.
    """

    last: float = float("-inf")
    alone: bool = False

    def seen(self, t: float) -> bool:
        """Takes in an activation at `t`; whether the one before it was a glimpse."""
        quiet = t - self.last > APART
        glimpse = self.alone and quiet
        self.last, self.alone = t, quiet
        return glimpse
