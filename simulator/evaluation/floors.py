"""The simplest detectors one would write: what any other has to beat. For evaluation alone.

A day's count is set against the median of the last four weeks, in robust standard deviations; an
alert needs it far off for one day or for two days running.
"""

from statistics import median
from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Evidence, SensorEvent, State, utc
from detectors.features.places import BATHROOM, DRINK_APPLIANCES, FOOD, PERSON_KINDS
from detectors.features.visits import Visits
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

WEEKS = 28
LEAST_DAYS = 7
QUIET = 300.0
MAD_TO_SD = 1.4826


class FloorState(msgspec.Struct):
    """Counts of the past and of today."""

    visits: Visits = msgspec.field(default_factory=Visits)
    today: int = 0
    past: list[int] = []
    running: int = 0
    due: float = NEVER


class Floor:
    """Counts visits to some places a day.

    Args:
        profile: The home.
        limit: Robust standard deviations.
        days: For how many days running.

    Attributes:
        places: What is counted.
        sign: 1 where more is alarming, -1 where fewer is.
    """

    condition: ClassVar[str]
    places: ClassVar[frozenset[str]]
    sign: ClassVar[int]
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile, *, limit: float, days: int) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._limit = limit
        self._days = days
        self._state = FloorState()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Counts a visit."""
        state = self._state
        if state.due == NEVER:
            state.due = self._calendar.at(moment.day, 24)
        if event.place in self.places and state.visits.begins(moment.t, QUIET):
            state.today += 1
        return []

    def due(self) -> float:
        """Midnight."""
        return self._state.due

    def judge(self, moment: Moment) -> list[Assessment]:
        """Sets the day against the weeks before."""
        state = self._state
        found, usual = State.LEARNING, 0.0
        if len(state.past) >= LEAST_DAYS:
            usual = median(state.past)
            spread = MAD_TO_SD * median(abs(count - usual) for count in state.past)
            off = self.sign * (state.today - usual) / max(spread, 1.0)
            state.running = state.running + 1 if off > self._limit else 0
            found = State.RAISED if state.running >= self._days else State.NORMAL
        answer = self._answer(moment, found, usual)
        state.past = [*state.past, state.today][-WEEKS:]
        state.today = 0
        state.due = self._calendar.at(moment.day, 24)
        return [answer]

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot."""
        self._state = thaw(snapshot, FloorState)

    def _answer(self, moment: Moment, found: State, usual: float) -> Assessment:
        text = f"{self._state.today} visits today; usually {usual:g}."
        evidence = Evidence(
            measure="visits",
            label="Visits",
            unit="visits",
            value=self._state.today,
            usual=usual,
            text=text,
        )
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            evidence=[evidence],
            reason="Learning what is usual." if found is State.LEARNING else "",
            text=text,
            prompt="Ask how they are." if found is State.RAISED else "",
        )


class ToiletingFloor(Floor):
    """More bathroom visits than usual."""

    condition: ClassVar[str] = Condition.UTI_RISK
    places: ClassVar[frozenset[str]] = BATHROOM
    sign: ClassVar[int] = 1


class KitchenFloor(Floor):
    """Fewer visits to kitchen and fridge than usual."""

    condition: ClassVar[str] = Condition.DEHYDRATION_RISK
    places: ClassVar[frozenset[str]] = FOOD
    sign: ClassVar[int] = -1


class KettleFloor(Floor):
    """Fewer kettle uses than usual."""

    condition: ClassVar[str] = Condition.DEHYDRATION_RISK
    places: ClassVar[frozenset[str]] = DRINK_APPLIANCES
    sign: ClassVar[int] = -1
