"""The median of as many values as a day brings, in the memory of a histogram."""

import msgspec

FARTHEST = 1.0
"""Values beyond this, either side of 0, count as this."""
WIDTH = 0.025
_BINS = round(2 * FARTHEST / WIDTH)


class Middle(msgspec.Struct):
    """Counts values in bins of a fortieth; no form of it is larger than a few hundred bytes.

    Attributes:
        bins: How many values fell into each bin, from -1 to 1; empty before the first.
    """

    bins: list[int] = []

    def add(self, value: float) -> None:
        """Takes in a value."""
        if not self.bins:
            self.bins = [0] * _BINS
        self.bins[min(max(int((value + FARTHEST) / WIDTH), 0), _BINS - 1)] += 1

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.bins)

    def median(self) -> float:
        """The median, to within a bin; values of a bin are taken to lie evenly in it.

        Raises:
            ValueError: There was no value.
        """
        half, below = self.count / 2, 0
        for number, count in enumerate(self.bins):
            if count and below + count >= half:
                return (number + (half - below) / count) * WIDTH - FARTHEST
            below += count
        raise ValueError("no value has a median; ask for it once there is one")
