"""A person's longest silences by hour, in the whole home, and how far beyond them is not theirs.

Of silences of many hours there are too few to know their tail. What is known is the record of
recent weeks: there and then, and at any time; how far beyond both a silence must go to come no
oftener than is borne was learned over many homes.
"""

import msgspec

from detectors.models.longest import LongestSilences, SilencePrior, limit, stretch

HOUR = 3600.0
EVENING, BEDTIME, MORNING = 18, 21, 6
"""From bedtime to morning is one block; silences of the evening may be those of the night, too."""
BLOCK = 3
"""Hours of the day that share a usual."""
NIGHT = "n"
BY_DAY = SilencePrior(usual=4 * HOUR, days=7, least=3 * HOUR, most=16 * HOUR)
BY_NIGHT = SilencePrior(usual=9 * HOUR, days=7, least=6 * HOUR, most=20 * HOUR)


class Records(msgspec.Struct, tag="records"):
    """What has been learned of one home.

    Attributes:
        longest: The longest silences by hours, and of all hours by day and by night.
        first_day: The day of the first silence, as an ordinal.
    """

    longest: dict[str, LongestSilences] = {}
    first_day: int = 0

    def context(self, _place: str, hour: int) -> str:
        """The hours in which a silence begins."""
        if hour >= BEDTIME or hour < MORNING:
            return NIGHT
        return "e" + NIGHT if hour >= EVENING else str(hour // BLOCK)

    def end(self, context: str, length: float, day: int) -> bool:
        """A silence has ended, in seconds, on a day (an ordinal); whether that moves any limit."""
        self.first_day = self.first_day or day
        moved = False
        for name in (context, _everywhen(context)):
            longest = self.longest.get(name)
            if longest is None:
                longest = self.longest[name] = LongestSilences()
            moved = longest.learn_one(length, day) or moved
        return moved

    def end_day(self) -> None:
        """A record waits for no end of a day."""

    def usual(self, context: str, day: int) -> float:
        """A silence that is long there and then, but usual, in seconds."""
        return self._long(context, day, rank=2)

    def limit(
        self, context: str, day: int, a_month: float, usual_a_month: float, caution: float
    ) -> float:
        """From which length on a silence is not the person's own.

        Args:
            context: When it begins.
            day: Today, as an ordinal.
            a_month: False alerts a month that are borne.
            usual_a_month: By default.
            caution: As learned over many homes.

        Returns:
            Seconds; infinite where silence tells nothing.
        """
        here, ever = self.usual(context, day), self._long(_everywhen(context), day, rank=1)
        return limit(here, ever, stretch(caution, a_month, usual_a_month), _prior(context))

    def _long(self, context: str, day: int, rank: int) -> float:
        known = self.longest.get(context, _NONE)
        days = day - self.first_day if self.first_day else 0
        return known.long(rank, days, day, _prior(context))


_NONE = LongestSilences()


def _everywhen(context: str) -> str:
    return "*" + NIGHT if context.endswith(NIGHT) else "*"


def _prior(context: str) -> SilencePrior:
    return BY_NIGHT if context.endswith(NIGHT) else BY_DAY
