"""Visits: activations close together are one stay."""

import msgspec

MERGE = 300.0
"""Seconds of quiet that end a visit; five minutes is the custom of the field."""


class Visits(msgspec.Struct):
    """Tells the first activation of a visit from those that follow it.

    Attributes:
        last: The last activation, in epoch seconds.
    """

    last: float = float("-inf")

    def begins(self, t: float) -> bool:
        """Takes in an activation at `t`; whether it opens a new visit."""
        new = t - self.last > MERGE
        self.last = t
        return new
