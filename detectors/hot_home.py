"""A home that stays above 26 degrees: people who are frail drink too little for such warmth.

Source: UK Health Security Agency, Beat the heat; rooms for vulnerable people below 26 degrees.
"""

from typing import ClassVar

from contract import Condition
from detectors.profile import HomeProfile
from detectors.warmth import Limit, WarmthWatch, Words

LIMIT = Limit(
    sign=1,
    raised_at=26.0,
    cleared_at=25.5,
    hours=6,
    first=0,
    last=23,
    source="Guidance for the UK is to stay below 26 °C.",
)
WORDS = Words(
    raised="The home has been hot for {hours} hours: {mean} °C on average.",
    normal="The home is cool enough.",
    prompt="Suggest a cool drink, curtains against the sun, and a rest in the coolest room.",
)


class HotHome(WarmthWatch):
    """Watches for heat in one home."""

    condition: ClassVar[str] = Condition.HOT_HOME

    def __init__(self, profile: HomeProfile) -> None:
        super().__init__(LIMIT, WORDS, profile)
