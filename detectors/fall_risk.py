"""Steadiness: slower journeys between rooms, broken nights, and gait where it is measured."""

from typing import ClassVar

from contract import Condition
from detectors.features.bustle import SLOT
from detectors.features.places import BATHROOM, ON_THE_WAY, PERSON_KINDS
from detectors.kinds import GAIT_SPEED, MOTION
from detectors.learned import LEARNED
from detectors.parameters import Parameters
from detectors.plan import Plan, Words
from detectors.profile import HomeProfile
from detectors.protocol import Lot
from detectors.routine import MORNING_S, RoutineWatch
from detectors.stream import Stream

TRIPS, STIRRINGS, PACE, GAIT = range(4)
# Each is a sign by itself: people may slow while their nights are quiet, or the other way round. So
# the forms are two severities of broken nights, three of a slower pace, and three of a slower gait.
NIGHTS = (None, None)
PACES = GAITS = (None, None, None)
STREAMS = (
    Stream(
        measure="bathroom_visits_night",
        label="Bathroom trips at night (00 to 06)",
        unit="trips",
        night=True,
        effects=(1.5, 2.5, *PACES, *GAITS),
        trust=0.5,
    ),
    Stream(
        measure="restlessness_night",
        label="Restless stretches at night (00 to 06)",
        unit="stretches of 5 minutes",
        night=True,
        effects=(1.5, 2.5, *PACES, *GAITS),
        trust=0.5,
    ),
    Stream(
        measure="pace",
        label="Journeys between rooms, slower (+) or quicker (-) than usual",
        unit="log ratio",
        night=False,
        counts=False,
        effects=(*NIGHTS, 0.1, 0.2, 0.35, *GAITS),
    ),
    Stream(
        measure="gait_speed",
        label="Gait speed",
        unit="m/s",
        night=False,
        counts=False,
        effects=(*NIGHTS, *PACES, -0.05, -0.1, -0.2),
    ),
)
QUIET = 600.0
"""Seconds that end a bathroom visit."""
WORDS = Words(
    raised="Movement pattern changed: slower or less steady than usual for this person.",
    normal="Pace and nights are as usual.",
    prompt="Ask about dizziness, new medicines and footwear; suggest a falls check.",
)

PLAN = Plan(STREAMS, WORDS, here=ON_THE_WAY, coupling=0.0)


class FallRisk(RoutineWatch):
    """Watches pace and nights of one home."""

    condition: ClassVar[str] = Condition.FALL_RISK
    version: ClassVar[int] = 3
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        super().__init__(PLAN, profile, parameters)

    def notice(self, lot: Lot) -> None:
        """Compares journeys by day, counts stirring and trips by night; answers when they end."""
        step = self.state.journeys.step
        for event, moment in lot:
            if moment.second < MORNING_S:
                self._by_night(event.place, moment.t)
            elif event.kind == MOTION:
                slower = step(moment.t, event.place)
                if slower is not None:
                    self.add(PACE, slower)
            elif event.kind == GAIT_SPEED:
                self.add(GAIT, event.value)

    def _by_night(self, place: str, t: float) -> None:
        stretch = int(t // SLOT)
        if stretch != self.state.stretch:
            self.state.stretch = stretch
            self.add(STIRRINGS)
        if place in BATHROOM and self.state.visits.begins(t, QUIET):
            self.add(TRIPS)
