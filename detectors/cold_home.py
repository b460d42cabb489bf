"""A home that stays below 18 degrees through the day: a risk to the heart and lungs of the old.

Source: UK Health Security Agency, Adverse Weather and Health Plan; at least 18 degrees in winter.
"""

from typing import ClassVar

from contract import Condition
from detectors.profile import HomeProfile
from detectors.warmth import Limit, WarmthWatch, Words

LIMIT = Limit(
    sign=-1,
    raised_at=18.0,
    cleared_at=18.5,
    hours=6,
    first=8,
    last=21,
    source="Guidance for the UK is at least 18 °C.",
)
WORDS = Words(
    raised="The home has been cold for {hours} hours of the day: {mean} °C on average.",
    normal="The home is warm enough.",
    prompt="Ask whether the heating works and whether they are warm enough; suggest a warm drink.",
)


class ColdHome(WarmthWatch):
    """Watches for cold in one home."""

    condition: ClassVar[str] = Condition.COLD_HOME

    def __init__(self, profile: HomeProfile) -> None:
        super().__init__(LIMIT, WORDS, profile)
