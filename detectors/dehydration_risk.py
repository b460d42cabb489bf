"""Drinking: kettle uses, or visits to kitchen and fridge, when they become fewer than usual."""

from typing import ClassVar

from contract import Condition
from detectors.features.places import DRINK_APPLIANCES, FOOD, PERSON_KINDS
from detectors.learned import LEARNED
from detectors.parameters import Parameters
from detectors.plan import Plan, Words
from detectors.profile import HomeProfile
from detectors.protocol import Lot
from detectors.routine import MORNING_S, RoutineWatch
from detectors.stream import Stream

KETTLE, KITCHEN = 0, 1
STREAMS = (
    Stream(
        measure="kettle_uses",
        label="Kettle uses by day (06 to 24)",
        unit="uses",
        night=False,
        effects=(0.7, 0.5, 0.25),
    ),
    Stream(
        measure="kitchen_visits",
        label="Visits to kitchen and fridge by day (06 to 24)",
        unit="visits",
        night=False,
        effects=(0.7, 0.5, 0.25),
    ),
)
QUIET = 300.0
"""Seconds that end a visit to the kitchen."""
SAME_BOIL = 60.0
"""Seconds within which a use that is told again is the same use."""
WORDS = Words(
    raised="Drinking pattern changed: fewer drinks or kitchen visits than usual.",
    normal="Kettle and kitchen are used as usual.",
    prompt="Ask whether drinks are being taken; suggest a warm drink.",
)

PLAN = Plan(
    STREAMS,
    WORDS,
    here=FOOD | DRINK_APPLIANCES,
    coupling=0.6,
    heard_at=FOOD | DRINK_APPLIANCES,
)


class DehydrationRisk(RoutineWatch):
    """Watches what goes with drinking in one home."""

    condition: ClassVar[str] = Condition.DEHYDRATION_RISK
    version: ClassVar[int] = 3
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        super().__init__(PLAN, profile, parameters)

    def notice(self, lot: Lot) -> None:
        """Counts drinks and visits of the day; the answer comes when it ends."""
        for event, moment in lot:
            place, t, awake = event.place, moment.t, moment.second >= MORNING_S
            if place in FOOD:
                if self.state.visits.begins(t, QUIET) and awake:
                    self.add(KITCHEN)
            elif place in DRINK_APPLIANCES and self.state.boils.begins(t, SAME_BOIL) and awake:
                self.add(KETTLE)
