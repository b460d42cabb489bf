"""How long this person's ordinary silences get: the longest of recent weeks, and what is beyond them.

The few longest of the last weeks say where the tail of a person's own silences begins; how far beyond
them a silence must go, to come no oftener than a budget allows, was learned over many homes.
"""

from typing import NamedTuple

import msgspec

KEPT = 6
MEMORY_DAYS = 60
RANK = 2
"""The scale is the second longest: one strange day (an outage, a holiday) does not set it."""


class SilencePrior(NamedTuple):
    """What is believed of silences before they are seen.

    Attributes:
        usual: A long one, in seconds (or whatever is counted).
        days: How many days' longest that belief is worth; it fades as days are seen.
        stretch: A silence this many times as long as a long one is out of the ordinary.
        least, most: No limit is shorter or longer than these.
    """

    usual: float
    days: float
    stretch: float
    least: float
    most: float


class LongestSilences(msgspec.Struct):
    """The longest silences of one context.

    Attributes:
        found: Length and day (as an ordinal) of each, the longest first.
        first_day: The day of the first silence learned; None before.
    """

    found: list[tuple[float, int]] = []
    first_day: int | None = None

    def learn_one(self, length: float, day: int) -> None:
        """Takes in a silence that has ended."""
        if self.first_day is None:
            self.first_day = day
        if len(self.found) == KEPT and length <= self.found[-1][0]:
            return
        recent = [one for one in self.found if day - one[1] <= MEMORY_DAYS]
        self.found = sorted([*recent, (length, day)], reverse=True)[:KEPT]

    def usual(self, prior: SilencePrior, day: int) -> float:
        """A long but ordinary silence, from the person's own once there are some."""
        recent = [length for length, seen in self.found if day - seen <= MEMORY_DAYS]
        own = recent[min(RANK, len(recent)) - 1] if recent else prior.usual
        days = 0 if self.first_day is None else day - self.first_day
        weight = days / (days + prior.days)
        believed = own**weight * prior.usual ** (1 - weight)
        return max(believed, own)

    def limit(self, prior: SilencePrior, day: int) -> float:
        """From which length on a silence is out of the ordinary."""
        return min(max(prior.stretch * self.usual(prior, day), prior.least), prior.most)
