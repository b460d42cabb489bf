"""Drinking: kettle uses, or visits to kitchen and fridge, when they become fewer than usual."""

from typing import ClassVar

from contract import Assessment, Condition, SensorEvent
from detectors import parameters
from detectors.features.places import DRINK_APPLIANCES, EXITS, FOOD, PERSON_KINDS
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.routine import MORNING_S, Routine, Words
from detectors.stream import Stream

KETTLE, KITCHEN = 0, 1
STREAMS = (
    Stream(
        measure="kettle_uses",
        label="Kettle uses by day (06 to 24)",
        unit="uses",
        night=False,
        prior=parameters.KETTLE_DAY,
        effects=(0.75, 0.5, 0.25),
    ),
    Stream(
        measure="kitchen_visits",
        label="Visits to kitchen and fridge by day (06 to 24)",
        unit="visits",
        night=False,
        prior=parameters.INTAKE_DAY,
        effects=(0.75, 0.5, 0.25),
    ),
)
WORDS = Words(
    raised="Drinking pattern changed: fewer drinks or kitchen visits than usual.",
    normal="Kettle and kitchen are used as usual.",
    prompt="Ask whether drinks are being taken; suggest a warm drink.",
)


class DehydrationRisk:
    """Watches what goes with drinking in one home."""

    condition: ClassVar[str] = Condition.DEHYDRATION_RISK
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile) -> None:
        self._routine = routine = Routine(
            self.condition, profile, STREAMS, WORDS, parameters.DEHYDRATION
        )
        self.judge = routine.judge
        self.snapshot = routine.snapshot
        self.restore = routine.restore

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Counts drinks and visits; the answer comes at midnight."""
        routine, place = self._routine, event.place
        routine.sign(moment, at_exit=place in EXITS)
        if place in FOOD:
            if routine.state.visits.begins(moment.t) and moment.second >= MORNING_S:
                routine.add(KITCHEN)
        elif place in DRINK_APPLIANCES:
            if moment.second >= MORNING_S:
                routine.add(KETTLE)
        else:
            routine.busy(moment.t)
        return []

    def due(self) -> float:
        """06:00 and midnight, from the first event on."""
        return self._routine.state.due
