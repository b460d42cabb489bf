"""A person who presses for help: told at once, and until it is taken back.

A call that comes late is told when it comes, with when it was made: a call needs no history.
"""

from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Evidence, Kind, Quality, SensorEvent, State, utc
from detectors.features.places import plain
from detectors.kinds import ANY, BUTTON
from detectors.moment import Calendar, Moment, plain_day
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

PRESSES = frozenset({BUTTON})
HELD_S = 12 * 3600.0
"""A press that nobody cancels stands for so long; staff have it from the first second."""
OLD_S = 24 * 3600.0
"""A call so much older than the moment at which it counts is told as an old one."""


class HelpState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        fitted: Whether there is a button here.
        place: Where it was pressed last.
        first, last: The presses of the present call, in epoch seconds; None where none stands.
        presses: How many.
        pressed: When the last press was made by its own time, in epoch seconds.
        remark: What is to be said of when that was; empty where it came in time.
        day_ends: When the daily answer is due.
    """

    fitted: bool = False
    place: str = ""
    first: float | None = None
    last: float = 0.0
    presses: int = 0
    pressed: float = 0.0
    remark: str = ""
    day_ends: float = NEVER


class HelpButton:
    """Watches the buttons of one home."""

    condition: ClassVar[str] = Condition.HELP_BUTTON
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = ANY

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._state = HelpState(fitted=any(r.kind == Kind.BUTTON for r in profile.sensors))

    def wanted(self) -> frozenset[str]:
        """All until the first event; then there is nothing to learn from but a press."""
        return ANY if self._state.day_ends == NEVER else PRESSES

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Answers at once to a press, and to its being taken back."""
        state = self._state
        if state.day_ends == NEVER:
            state.day_ends = self._calendar.at(moment.day, 24)
        if event.kind != BUTTON:
            return []
        return self._hear(event, moment, "")

    def observe_call(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Answers a press that came late, and its being taken back, as if it were made now.

        What was taken back before the last press was made is not that press.
        """
        older = event.at.timestamp() < self._state.pressed
        if not event.value and older and event.quality != Quality.CLOCK_UNSURE:
            return []
        return self._hear(event, moment, self._remark(event, moment))

    def _hear(self, event: SensorEvent, moment: Moment, remark: str) -> list[Assessment]:
        state, made = self._state, event.at.timestamp()
        state.fitted = True
        if state.day_ends == NEVER:
            state.day_ends = self._calendar.at(moment.day, 24)
        if event.value and not (state.first is not None and made == state.pressed):
            state.first = moment.t if state.first is None else state.first
            state.last, state.place, state.presses = moment.t, event.place, state.presses + 1
            state.pressed, state.remark = made, remark
            return [self._answer(moment)]
        if not event.value and state.first is not None:
            self._take_back()
            return [self._answer(moment)]
        return []

    def _remark(self, event: SensorEvent, moment: Moment) -> str:
        """What is to be said of when a late press was made."""
        if event.quality == Quality.CLOCK_UNSURE:
            return "When it was pressed is not certain: the hub's clock was unsure."
        made = self._calendar.moment(event.at.timestamp())
        when = f"{int(made.hour):02}:{int(made.second // 60 % 60):02}"
        if moment.t - made.t > OLD_S:
            return (
                f"It is dated {plain_day(made.day)}, {when}, over a day before it was heard: it may"
                " be an old call, or the button's clock may be wrong."
            )
        return f"It was pressed on {plain_day(made.day)} at {when} and heard late."

    def due(self) -> float:
        """Midnight, or when a call has stood for long enough."""
        state = self._state
        return min(state.day_ends, NEVER if state.first is None else state.last + HELD_S)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers once a day, and when a call is let go."""
        state = self._state
        if state.first is not None and moment.t >= state.last + HELD_S:
            self._take_back()
        if moment.t >= state.day_ends:
            state.day_ends = self._calendar.at(moment.day, 24)
        return [self._answer(moment)]

    def snapshot(self) -> bytes:
        """Everything it remembers."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        self._state = thaw(snapshot, HelpState)

    def _take_back(self) -> None:
        self._state.first, self._state.presses = None, 0

    def _answer(self, moment: Moment) -> Assessment:
        state = self._state
        called = state.first is not None
        found = State.RAISED if called else State.NORMAL if state.fitted else State.BLIND
        text = {
            State.RAISED: f"Help was asked for at the {plain(state.place)}. {state.remark}".strip(),
            State.NORMAL: "No help has been asked for.",
            State.BLIND: "No help button has been fitted or heard.",
        }[found]
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=1.0 if called else 0.0,
            evidence=[self._evidence()] if called else [],
            reason=text if found is State.BLIND else "",
            text=text,
            prompt="Call the person now; if there is no answer, send someone." if called else "",
        )

    def _evidence(self) -> Evidence:
        presses, remark = self._state.presses, self._state.remark
        return Evidence(
            measure="presses",
            label="Presses of the help button",
            unit="presses",
            value=float(presses),
            usual=0.0,
            share=1.0,
            text=f"Pressed {'once' if presses == 1 else f'{presses} times'}. {remark}".strip(),
        )
