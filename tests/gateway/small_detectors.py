"""Detectors small enough to predict, for the tests of what runs them."""

from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Kind, SensorEvent, State, utc
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Lot

HOUR = 3600.0


class _Quiet(msgspec.Struct):
    last: float = NEVER
    raised: bool = False


class QuietDetector:
    """Raised when nothing has moved for six hours, normal at the next movement: a timer."""

    condition: ClassVar[str] = Condition.NO_MOVEMENT
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset({Kind.MOTION, Kind.OPENING})

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._state = _Quiet()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        self._state.last = moment.t
        if not self._state.raised:
            return []
        self._state.raised = False
        return [self._say(moment, State.NORMAL, f"{event.place} again")]

    def due(self) -> float:
        return NEVER if self._state.raised else self._state.last + 6 * HOUR

    def judge(self, moment: Moment) -> list[Assessment]:
        self._state.raised = True
        return [self._say(moment, State.RAISED, "Nothing has moved for 6 hours.")]

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(self._state)

    def restore(self, snapshot: bytes) -> None:
        try:
            self._state = msgspec.msgpack.decode(snapshot, type=_Quiet)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error

    def _say(self, moment: Moment, state: State, text: str) -> Assessment:
        return Assessment(
            home=self._home, condition=self.condition, at=utc(moment.t), state=state, text=text
        )


class _Visits(msgspec.Struct):
    day: int = 0
    count: int = 0
    usual: float = 0.0
    days: int = 0
    due: float = NEVER


class VisitsDetector:
    """Judges at each midnight whether there were more bathroom visits than usual: it learns.

    It is patient: the engine may show it events late.
    """

    condition: ClassVar[str] = Condition.UTI_RISK
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset({Kind.MOTION, Kind.FLUSH})

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._state = _Visits()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        self.observe_all([(event, moment)])
        return []

    def observe_all(self, lot: Lot) -> None:
        for event, moment in lot:
            if self._state.due == NEVER:
                self._state.due = moment.t - moment.second + 24 * HOUR
            self._state.count += event.place == "bathroom"

    def due(self) -> float:
        return self._state.due

    def judge(self, moment: Moment) -> list[Assessment]:
        state = self._state
        count, usual = state.count, state.usual
        learning = state.days < 3
        state.count, state.days, state.due = 0, state.days + 1, moment.t + 24 * HOUR
        state.usual += (count - usual) / state.days
        answer = State.LEARNING if learning else self._judged(count, usual)
        return [
            Assessment(
                home=self._home,
                condition=self.condition,
                at=utc(moment.t),
                state=answer,
                score=min(1.0, count / 20),
                text=f"{count} visits",
            )
        ]

    @staticmethod
    def _judged(count: int, usual: float) -> State:
        if count == 0:
            return State.BLIND
        return State.RAISED if count > usual + 1 else State.NORMAL

    def snapshot(self) -> bytes:
        return msgspec.msgpack.encode(self._state)

    def restore(self, snapshot: bytes) -> None:
        try:
            self._state = msgspec.msgpack.decode(snapshot, type=_Visits)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error


class HelpDetector:
    """Raised at each press of a button, cleared by a cancel: no timer, no learning."""

    condition: ClassVar[str] = Condition.HELP_BUTTON
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset({Kind.BUTTON})

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        state = State.RAISED if event.value else State.NORMAL
        return [
            Assessment(
                home=self._home,
                condition=self.condition,
                at=utc(moment.t),
                state=state,
                subject=event.sensor,
                score=event.value,
                text="Help was asked for.",
            )
        ]

    def observe_call(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        return self.observe(event, moment)

    def due(self) -> float:
        return NEVER

    def judge(self, moment: Moment) -> list[Assessment]:
        raise AssertionError(f"never due, yet judged at {moment}")

    def snapshot(self) -> bytes:
        return b""

    def restore(self, snapshot: bytes) -> None:
        if snapshot:
            raise ValueError("has nothing to remember")


DETECTORS = (QuietDetector, VisitsDetector, HelpDetector)
