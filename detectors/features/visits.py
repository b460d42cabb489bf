"""Visits: activations close together are one stay."""

import msgspec


class Visits(msgspec.Struct):
    """Tells the first activation of a visit from those that follow it.

    Attributes:
        last: The last activation, in epoch seconds.
    """

    last: float = float("-inf")

    def begins(self, t: float, quiet: float) -> bool:
        """Takes in an activation at `t`; whether it opens a new visit.

        Args:
            t: Epoch seconds.
            quiet: Seconds without activation that end a visit.
        """
        new = t - self.last > quiet
        self.last = t
        return new
