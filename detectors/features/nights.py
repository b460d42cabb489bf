"""One person's nights: how much they walk about, and what would not be their own way any more."""

from typing import NamedTuple

import msgspec

from detectors import chart
from detectors.features.roaming import Roaming
from detectors.models.levels import LevelModel
from detectors.models.longest import LongestSilences, SilencePrior
from detectors.models.usual import Prior

SPELL = SilencePrior(usual=12, days=7, least=15, most=90)
NIGHT = SilencePrior(usual=20, days=7, least=25, most=120)
"""Minutes on the move; beyond `most` it is out of the ordinary whatever is usual."""
RANK = 2
"""The second longest is what a long ordinary one is like: one odd night teaches little."""
DAILY = Prior(level=6.0, dispersion=40.0)
"""What is believed of a night's minutes."""
BRIEF = 60.0
"""Seconds on the move that are not worth learning."""
FADE = 0.6
"""What a restless night keeps of its say in the next."""


class Since(NamedTuple):
    """How much is known of a person, and how far from it something must be.

    Attributes:
        day: Today, as an ordinal.
        days: Days since the first event.
        stretch: A spell or night so many times as long as a long ordinary one is out of it.
    """

    day: int
    days: int
    stretch: float


class Nights(msgspec.Struct):
    """The nights so far.

    Attributes:
        spells, nights: The longest spells and nights, in minutes on the move.
        minutes, points: What a night is usually like, and the last ones.
        carried: Minutes that the restless nights before count for in the present one.
    """

    spells: LongestSilences = msgspec.field(default_factory=LongestSilences)
    nights: LongestSilences = msgspec.field(default_factory=LongestSilences)
    minutes: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []
    carried: float = 0.0

    def shares(self, roaming: Roaming, since: Since) -> tuple[float, float]:
        """How far the present spell and the night have come towards their limits; 1 is there."""
        spell = roaming.spell / 60 / self.spell_limit(since)
        return spell, self.counted(roaming) / self.limit(since)

    def counted(self, roaming: Roaming) -> float:
        """Minutes of the night, with those that the nights before count for."""
        return roaming.night / 60 + self.carried

    def limit(self, since: Since) -> float:
        """Minutes from which on a night is out of the ordinary."""
        return _limit(self.nights, NIGHT, since)

    def spell_limit(self, since: Since) -> float:
        """Minutes from which on a spell is out of the ordinary."""
        return _limit(self.spells, SPELL, since)

    def long_spell(self, since: Since) -> float:
        """Minutes of a long but ordinary spell."""
        return self.spells.long(RANK, since.days, since.day, SPELL)

    def learn_spell(self, seconds: float, since: Since) -> None:
        """Takes in a spell that is over."""
        _learn(self.spells, seconds, SPELL, since)

    def learn_night(self, roaming: Roaming, since: Since) -> None:
        """Takes in a night that is over."""
        self.learn_spell(roaming.spell, since)
        _learn(self.nights, roaming.night, NIGHT, since)
        minutes = roaming.night / 60
        chart.keep(self.points, self.point(since.day, minutes))
        restless = max(minutes - self.minutes.band(DAILY).high, 0.0)
        self.carried = FADE * (self.carried + restless)
        self.minutes.learn_one(minutes, DAILY)

    def point(self, day: int, minutes: float) -> chart.Point:
        """A night of the chart."""
        usual, low, high = self.minutes.band(DAILY)
        return chart.Point(day, minutes, max(usual, 0.0), max(low, 0.0), max(high, 0.0))


def _limit(longest: LongestSilences, prior: SilencePrior, since: Since) -> float:
    usual = longest.long(RANK, since.days, since.day, prior)
    return min(max(since.stretch * usual, prior.least), prior.most)


def _learn(longest: LongestSilences, seconds: float, prior: SilencePrior, since: Since) -> None:
    """What was out of the ordinary moves what is ordinary, but not at one go."""
    if seconds >= BRIEF:
        longest.learn_one(min(seconds / 60, _limit(longest, prior, since)), since.day)
