"""Episodes: when they begin, how strongly each of their days departs from the person's own usual."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from detectors.moment import Calendar

WARM_UP_DAYS = 14
LENGTH_DAYS = 5
GRACE_DAYS = 1
"""An alert on the day after the end still counts as a hit."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One injected illness.

    Attributes:
        onset: The first local day, as an ordinal.
        ramp: Days over which it grows to its full strength, >= 1.
        length: Days in all.
    """

    onset: int
    ramp: int
    length: int = LENGTH_DAYS

    @property
    def days(self) -> range:
        """The local days on which it shows."""
        return range(self.onset, self.onset + self.length)

    def strength(self, day: int) -> float:
        """How much of the full departure shows on `day`, 0 to 1."""
        if day not in self.days:
            return 0.0
        return min((day - self.onset + 1) / self.ramp, 1.0)

    def window(self, calendar: Calendar) -> tuple[float, float]:
        """From the onset to the end of the day of grace, in epoch seconds."""
        return calendar.at(self.onset, 0), calendar.at(self.onset + self.length + GRACE_DAYS, 0)

    def __str__(self) -> str:
        return f"{date.fromordinal(self.onset)} for {self.length} days, full after {self.ramp}"


def draw_episodes(
    first: int, last: int, count: int, rng: np.random.Generator, length: int = LENGTH_DAYS
) -> list[Episode]:
    """Episodes with random onset after the warm-up, within the home's own days.

    Args:
        first, last: The first and last local day of the recording, as ordinals.
        count: How many to draw; onsets are all different.
        rng: Where chance comes from.
        length: Days that each lasts.
    """
    onsets = np.arange(first + WARM_UP_DAYS, last - length - GRACE_DAYS + 1)
    chosen = rng.permutation(onsets)[:count]
    return [Episode(int(onset), int(rng.integers(1, 4)), length) for onset in chosen]
