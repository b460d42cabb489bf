"""How long one person's ordinary silences get, and which length is out of the ordinary.

The few longest silences of recent weeks, in the same place and hours and in the whole home, say
where the tail of a person's own silences begins. How far beyond it a silence must go, to come no
oftener than a budget allows, was learned over many homes.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import msgspec

KEPT = 6
MEMORY_DAYS = 45


TAIL = 3.0
"""Silences of twice the length are about `2 ** TAIL` times as rare, as measured in many homes."""


class SilencePrior(NamedTuple):
    """What is believed of silences before they are seen, and what follows from them.

    Lengths are in seconds, or in whatever else the silences are counted.

    Attributes:
        usual: A long but ordinary silence.
        days: How many days' experience that belief is worth.
        least: No limit is shorter.
        most: Where the limit would be longer, silence tells nothing and is not watched.
    """

    usual: float
    days: float
    least: float
    most: float


class LongestSilences(msgspec.Struct):
    """The longest silences of one context.

    Attributes:
        found: Length and day (as an ordinal) of each, the longest first.
    """

    found: list[tuple[float, int]] = []

    def learn_one(self, length: float, day: int) -> bool:
        """Takes in a silence that has ended; whether it is among the longest."""
        if not (len(self.found) < KEPT or length > self.found[-1][0] or self._stale(day)):
            return False
        recent = [one for one in self.found if day - one[1] <= MEMORY_DAYS]
        self.found = sorted([*recent, (length, day)], reverse=True)[:KEPT]
        return True

    def long(self, rank: int, days: int, day: int, prior: SilencePrior) -> float:
        """A long but ordinary silence: that of `rank`, drawn towards the prior in the first days.

        Args:
            rank: 1 for the longest, 2 for the second longest, and so on.
            days: For how many days there has been anything to learn from.
            day: Today, as an ordinal.
            prior: What is believed beforehand; it may lengthen the answer, never shorten it.
        """
        recent = [length for length, seen in self.found if day - seen <= MEMORY_DAYS]
        own = recent[min(rank, len(recent)) - 1] if recent else prior.usual
        weight = days / (days + prior.days)
        believed = exp(weight * log(own) + (1 - weight) * log(prior.usual))
        return max(own, believed)

    def _stale(self, day: int) -> bool:
        return day - self.found[-1][1] > MEMORY_DAYS


def limit(here: float, anywhere: float, stretch: float, prior: SilencePrior) -> float:
    """From which length on a silence is out of the ordinary; infinite where none is.

    Args:
        here: A long ordinary silence of the same place and hours.
        anywhere: A long ordinary silence of the whole home: where its sensors lose sight of people
            for hours in one room, they may in another.
        stretch: A silence so many times as long as these is out of the ordinary.
        prior: Of the silences.
    """
    found = max(stretch * sqrt(here * anywhere), prior.least)
    return found if found <= prior.most else float("inf")


def stretch(caution: float, budget: float, usual_budget: float) -> float:
    """How many times a long ordinary silence may be exceeded before it is told.

    Args:
        caution: What keeps the usual budget, as learned over many homes.
        budget: False alerts per person-month that the centre will bear.
        usual_budget: The default.
    """
    return max(caution * exp(log(usual_budget / budget) / TAIL), 1.0)
