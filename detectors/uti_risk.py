"""Toileting: bathroom visits by night and by day, when they become more than this person's usual."""

from typing import ClassVar

from contract import Assessment, Condition, SensorEvent
from detectors import parameters
from detectors.features.places import BATHROOM, BEDROOM, EXITS, PERSON_KINDS
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.routine import MORNING_S, Routine, Words
from detectors.stream import Stream

NIGHT, DAY = 0, 1
STREAMS = (
    Stream(
        measure="bathroom_visits_night",
        label="Bathroom visits at night (00 to 06)",
        unit="visits",
        night=True,
        prior=parameters.BATHROOM_NIGHT,
        effects=(1.5, 2.0, 3.0),
    ),
    Stream(
        measure="bathroom_visits_day",
        label="Bathroom visits by day (06 to 24)",
        unit="visits",
        night=False,
        prior=parameters.BATHROOM_DAY,
        effects=(1.25, 1.5, 2.0),
    ),
)
WORDS = Words(
    raised="Toileting pattern changed: more bathroom visits than usual. Consider a UTI check.",
    normal="Bathroom visits are as usual.",
    prompt="Ask how they feel and whether they are drinking enough; consider a UTI check.",
)
# The way to the bathroom leads through these, so that they tell nothing of the rest of the day.
ON_THE_WAY = BEDROOM | {"hallway", "landing"}


class UtiRisk:
    """Watches bathroom visits of one home."""

    condition: ClassVar[str] = Condition.UTI_RISK
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile) -> None:
        self._routine = routine = Routine(self.condition, profile, STREAMS, WORDS, parameters.UTI)
        self.judge = routine.judge
        self.snapshot = routine.snapshot
        self.restore = routine.restore

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Counts visits; the answer comes in the morning and at midnight."""
        routine, place = self._routine, event.place
        routine.sign(moment, at_exit=place in EXITS)
        if place in BATHROOM:
            if routine.state.visits.begins(moment.t):
                routine.add(NIGHT if moment.second < MORNING_S else DAY)
        elif place not in ON_THE_WAY:
            routine.busy(moment.t)
        return []

    def due(self) -> float:
        """06:00 and midnight, from the first event on."""
        return self._routine.state.due
