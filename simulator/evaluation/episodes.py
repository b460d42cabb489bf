"""Episodes: when they begin, and how strongly each of their days departs from the usual."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np

from contract import SensorEvent
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


def lived_in(events: Sequence[SensorEvent], calendar: Calendar) -> frozenset[int]:
    """The local days, as ordinals, on which somebody was about in many hours of the day.

    An illness shows only in somebody who is at home; days of outage or absence hold no episode.
    """
    hours = {(m.day, int(m.hour)) for m in (calendar.moment(e.at.timestamp()) for e in events)}
    found = Counter(day for day, _ in hours)
    usual = median(found.values()) if found else 0
    return frozenset(day for day, count in found.items() if count >= usual / 2)


def draw_episodes(
    days: frozenset[int], count: int, rng: np.random.Generator, length: int = LENGTH_DAYS
) -> list[Episode]:
    """Episodes with random onset after the warm-up, on days that were lived in.

    Args:
        days: The days that were lived in, as ordinals; the first begins the warm-up.
        count: How many to draw at most; onsets are all different.
        rng: Where chance comes from.
        length: Days that each lasts.
    """
    if not days:
        return []
    first = min(days) + WARM_UP_DAYS
    onsets = [d for d in sorted(days) if d >= first and days.issuperset(range(d, d + length + 1))]
    chosen = rng.permutation(onsets)[:count]
    return [Episode(int(onset), int(rng.integers(1, 4)), length) for onset in chosen]
