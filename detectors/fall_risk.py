"""Steadiness: slower journeys between rooms, broken nights and, where it is measured, slower gait."""

from typing import ClassVar

from contract import Assessment, Condition, Kind, SensorEvent
from detectors import parameters
from detectors.features.places import BATHROOM, EXITS, PERSON_KINDS
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.routine import MORNING_S, Routine, Words
from detectors.stream import Stream

TRIPS, STIRRINGS, PACE, GAIT = range(4)
STREAMS = (
    Stream(
        measure="bathroom_trips_night",
        label="Bathroom trips at night (00 to 06)",
        unit="trips",
        night=True,
        prior=parameters.BATHROOM_NIGHT,
        effects=(1.3, 1.7, 2.5),
        trust=0.5,
    ),
    Stream(
        measure="restlessness_night",
        label="Restless stretches at night (00 to 06)",
        unit="stretches of 5 minutes",
        night=True,
        prior=parameters.RESTLESS_NIGHT,
        effects=(1.3, 1.7, 2.5),
        trust=0.5,
    ),
    Stream(
        measure="pace",
        label="Journeys between rooms, slower (+) or quicker (-) than usual",
        unit="log ratio",
        night=False,
        prior=parameters.PACE,
        effects=(0.1, 0.2, 0.35),
    ),
    Stream(
        measure="gait_speed",
        label="Gait speed",
        unit="m/s",
        night=False,
        prior=parameters.GAIT,
        effects=(-0.05, -0.1, -0.2),
    ),
)
WORDS = Words(
    raised="Movement pattern changed: slower or less steady than usual for this person.",
    normal="Pace and nights are as usual.",
    prompt="Ask about dizziness, new medicines and footwear; suggest a walk in company and a falls check.",
)


class FallRisk:
    """Watches pace and nights of one home."""

    condition: ClassVar[str] = Condition.FALL_RISK
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile) -> None:
        self._routine = Routine(self.condition, profile, STREAMS, WORDS, parameters.FALL_RISK)

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        routine, place, t = self._routine, event.place, moment.t
        routine.sign(moment, at_exit=place in EXITS)
        night = moment.second < MORNING_S
        if night:
            slot = int(t // 300)
            if slot != routine.state.slot:
                routine.state.slot = slot
                routine.add(STIRRINGS)
            if place in BATHROOM and routine.state.visits.begins(t):
                routine.add(TRIPS)
        elif event.kind == Kind.MOTION:
            late = routine.state.journeys.step(t, place)
            if late is not None:
                routine.add(PACE, late)
        elif event.kind == Kind.GAIT_SPEED:
            routine.add(GAIT, event.value)
        return []

    def due(self) -> float:
        return self._routine.state.due

    def judge(self, moment: Moment) -> list[Assessment]:
        return self._routine.judge(moment)

    def snapshot(self) -> bytes:
        return self._routine.snapshot()

    def restore(self, snapshot: bytes) -> None:
        self._routine.restore(snapshot)
