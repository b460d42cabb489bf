"""Toileting: bathroom visits by night and by day, when they become more than usual."""

from typing import ClassVar

from contract import Condition
from detectors.features.places import BATHROOM, ON_THE_WAY, PERSON_KINDS
from detectors.learned import LEARNED
from detectors.parameters import Parameters
from detectors.plan import Plan, Words
from detectors.profile import HomeProfile
from detectors.protocol import Lot
from detectors.routine import MORNING_S, RoutineWatch
from detectors.stream import Stream

NIGHT, DAY = 0, 1
STREAMS = (
    Stream(
        measure="bathroom_visits_night",
        label="Bathroom visits at night (00 to 06)",
        unit="visits",
        night=True,
        effects=(1.5, 2.0, 3.0),
    ),
    Stream(
        measure="bathroom_visits_day",
        label="Bathroom visits by day (06 to 24)",
        unit="visits",
        night=False,
        effects=(1.25, 1.5, 2.0),
    ),
)
QUIET = 900.0
"""Seconds that end a bathroom visit. Five minutes is the custom; a quarter of an hour tells whoever
sits still from whoever comes back, and makes the counts steadier."""
WORDS = Words(
    raised="Toileting pattern changed: more bathroom visits than usual. Consider a UTI check.",
    normal="Bathroom visits are as usual.",
    prompt="Ask how they feel and whether they are drinking enough; consider a UTI check.",
)

PLAN = Plan(
    STREAMS,
    WORDS,
    here=BATHROOM | ON_THE_WAY,
    coupling=0.6,
    at_home=0.8,
    least_seen=0.15,
    heard_at=BATHROOM,
)


class UtiRisk(RoutineWatch):
    """Watches bathroom visits of one home."""

    condition: ClassVar[str] = Condition.UTI_RISK
    version: ClassVar[int] = 3
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        super().__init__(PLAN, profile, parameters)

    def notice(self, lot: Lot) -> None:
        """Counts visits."""
        for event, moment in lot:
            if event.place in BATHROOM and self.state.visits.begins(moment.t, QUIET):
                self.add(NIGHT if moment.second < MORNING_S else DAY)
