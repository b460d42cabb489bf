"""A person's long silences by place and hour, and how long one may last before it is not theirs.

The false alerts that are borne are dealt out over places and hours by the time spent there: where
somebody sits for half of the day, more long silences are let pass than in a hall.
"""

from functools import cached_property
from math import exp

import msgspec

from detectors.features.places import room
from detectors.models.change import DAYS_A_MONTH
from detectors.models.tails import BELIEVED_HOME, Tail, mean, power, seldom, together

MEMORY_DAYS = 45.0
BEDTIME, MORNING = 21, 6
"""From bedtime to morning is one block."""
BLOCK = 3
"""Hours of the day that share a usual, together with the blocks before and after."""
NIGHT = "n"
MOST_CONTEXTS = 96
"""A home has fewer; beyond it new places are taken for noise, so that memory stays bounded."""
USUAL_EXCESS = {False: power(1800.0), True: power(5400.0)}
"""By day, and by night: beyond half an hour, in people in general."""
OFTEN = 10.0
"""What comes so often a month, of all places and hours together, is long but usual."""
NEVER_SEEN = 1800.0
"""Seconds that somebody is reckoned to have spent where they have not been seen so far."""
CONTEXTS = 40.0
"""How many places and hours there are, about."""


class Lulls(msgspec.Struct, tag="lulls", dict=True):
    """What has been learned of one home.

    Attributes:
        tails: The silences by context.
        today: Context and length of those of the present day, learned when it ends.
        days: Faded number of days.
    """

    tails: dict[str, Tail] = {}
    today: list[tuple[str, float]] = []
    days: float = 0.0

    def context(self, place: str, hour: int) -> str:
        """The room and the hours in which a silence begins."""
        block = NIGHT if hour >= BEDTIME or hour < MORNING else str((hour - MORNING) // BLOCK)
        return f"{room(place)}/{block}"

    def end(self, context: str, length: float, _day: int) -> bool:
        """A silence has ended, in seconds; it moves no limit before the day has ended, too."""
        self.today.append((context, length))
        return False

    def end_day(self) -> None:
        """The day is over: its silences are learned."""
        keep = exp(-1.0 / MEMORY_DAYS)
        for tail in self.tails.values():
            tail.fade(keep)
        for context, length in self.today:
            tail_here = self.tails.get(context)
            if tail_here is None and len(self.tails) < MOST_CONTEXTS:
                tail_here = self.tails[context] = Tail()
            if tail_here is not None:
                tail_here.learn_one(length)
        self.today = []
        self.days = keep * self.days + 1.0
        vars(self).clear()  # what was reckoned of the whole home

    def usual(self, context: str, _day: int) -> float:
        """A silence that is long there and then, but usual, in seconds."""
        return self._seldom(context, OFTEN)

    def limit(
        self, context: str, _day: int, a_month: float, _usual_a_month: float, caution: float
    ) -> float:
        """From which length on a silence is not the person's own, in seconds.

        Args:
            context: Where and when it begins.
            a_month: False alerts a month that are borne.
            caution: How many times fewer must be reckoned with, as learned over many homes.
        """
        return self._seldom(context, a_month / caution)

    def _seldom(self, context: str, a_month: float) -> float:
        """Which length silences of a context exceed so seldom that all together do `a_month`."""
        around = _around(context)
        here = together(self.tails[name] for name in around if name in self.tails)
        days, time = self.days * len(around), here.time / len(around)
        share = (time + NEVER_SEEN) / (self._whole + CONTEXTS * NEVER_SEEN)
        a_day = a_month / DAYS_A_MONTH * share
        return seldom(here, self._believed[context.endswith(NIGHT)], days, a_day)

    @cached_property
    def _whole(self) -> float:
        """Seconds spent in silences of all contexts."""
        return sum(tail.time for tail in self.tails.values())

    @cached_property
    def _believed(self) -> tuple[float, float]:
        """The mean excess of the home by day and by night, drawn towards people in general."""
        return self._mean(night=False), self._mean(night=True)

    def _mean(self, *, night: bool) -> float:
        alike = (tail for name, tail in self.tails.items() if name.endswith(NIGHT) == night)
        return mean(together(alike), USUAL_EXCESS[night], BELIEVED_HOME)


def _around(context: str) -> list[str]:
    """A context and those of the same room in the hours before and after."""
    where, block = context.rsplit("/", 1)
    if block == NIGHT:
        return [context]
    return [f"{where}/{one}" for one in range(max(int(block) - 1, 0), int(block) + 2)]
