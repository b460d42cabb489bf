"""The sensors of a home as they have been heard: how long each is silent as a rule."""

from math import exp, log

import msgspec

from detectors.models.longest import LongestSilences, SilencePrior
from detectors.protocol import NEVER

SLOT = 600.0
PRIOR = SilencePrior(usual=120, days=5, least=90, most=2000)
"""In active stretches. After the most of them, some weeks, any sensor is missed."""
CHANCE = 1e-3
"""Of a silence that is too long by chance alone, at the default budget."""
FADE = 0.99
"""What a silence keeps of its say, from one to the next."""


class Voice(msgspec.Struct):
    """One sensor as it has been heard.

    Attributes:
        place: Where it is.
        heard: The home's count of active stretches when it was last heard.
        spoke: Whether it ever did.
        day: On which day it last did, as an ordinal.
        slot: The stretch of the clock in which it last did.
        alone: Whether it speaks though nobody is at home, so that the clock counts.
        silences: Its longest silences, in active stretches, or in all.
        count, total: Number and sum of its silences, the old ones faded.
        told: The last answer was that it is silent.
        offline: Its own link says it is away.
        bridge: The bridge that is away, and the sensor with it; that is told of the bridge.
    """

    place: str
    heard: int
    spoke: bool
    day: int = 0
    slot: int = 0
    alone: bool = False
    silences: LongestSilences = msgspec.field(default_factory=LongestSilences)
    count: float = 0.0
    total: float = 0.0
    told: bool = False
    offline: bool = False
    bridge: str = ""

    def learn_one(self, silence: float, day: int) -> None:
        """Takes in a silence that has ended."""
        self.silences.learn_one(silence, day)
        self.count = FADE * self.count + 1.0
        self.total = FADE * self.total + silence

    def unlikely(self, chance: float) -> float:
        """A silence that comes once in `1 / chance`, were the sensor to speak at random.

        For sensors that speak seldom and irregularly, such as a back door: from the few silences
        seen, the next one follows a Lomax distribution.
        """
        count, total = self.count + 3.0, self.total + PRIOR.usual / 2
        return total * (exp(-log(chance) / count) - 1.0)


class SilentState(msgspec.Struct):
    """All that has been learned; its form is the snapshot's.

    Attributes:
        voices: The sensors by name.
        slot, active: The last active stretch, and how many there have been.
        sees: Whether any sensor here sees people about.
        first_day: The day of the first event, as an ordinal.
        day_ends: When the daily answer is due.
        check_at: When the first of those that speak alone has been silent for too long.
    """

    voices: dict[str, Voice] = {}
    slot: int = -1
    active: int = 0
    sees: bool = False
    first_day: int = 0
    day_ends: float = NEVER
    check_at: float = NEVER
