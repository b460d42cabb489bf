"""A person who presses for help: told at once, and until it is taken back.

A call that comes late is told when it comes, with when it was made: a call needs no history. Who
presses again after a while calls anew: whoever came to the first call may have left.
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
ANEW_S = 600.0
"""A press so long after the last one is a call of its own. Who waits for help presses again within
minutes, and that is the same call; to be answered and looked after takes about as long at least."""
HELD_S = 12 * 3600.0
"""A press that nobody cancels stands for so long; staff have it from the first second."""
BORNE_OUT_S = 3600.0
"""No two words of the home bear out more time than this between them. So a clock that leaps ahead
passes for an hour at the most, and lets no call go."""
LISTENS_AFTER_S = 60.0
"""So long after a press the rest of the home is listened to, which tells how time passes."""
OLD_S = 24 * 3600.0
"""A call so much older than the moment at which it counts is told as an old one."""

_PRESSED_ANEW = "It was pressed anew later, which is told as a call of its own."
_LET_GO = "Nobody took it back while the home was heard for twelve hours."


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
        anew: Whether another call had stood when this one was made.
        listens_at: When the rest of the home is to be listened to, in epoch seconds.
        listens: Whether it is.
        heard: The last word of the home since, in epoch seconds.
        lasted: For how long the call has stood by words of the home, in seconds.
    """

    fitted: bool = False
    place: str = ""
    first: float | None = None
    last: float = 0.0
    presses: int = 0
    pressed: float = 0.0
    remark: str = ""
    day_ends: float = NEVER
    anew: bool = False
    listens_at: float = NEVER
    listens: bool = False
    heard: float = 0.0
    lasted: float = 0.0


class HelpButton:
    """Watches the buttons of one home."""

    condition: ClassVar[str] = Condition.HELP_BUTTON
    version: ClassVar[int] = 2
    kinds: ClassVar[frozenset[str]] = ANY

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._state = HelpState(fitted=any(r.kind == Kind.BUTTON for r in profile.sensors))

    def wanted(self) -> frozenset[str]:
        """All until the first event and while a call stands; else there is only a press to hear."""
        return ANY if self._state.day_ends == NEVER or self._state.listens else PRESSES

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Answers at once to a press, and to its being taken back."""
        state = self._state
        if state.day_ends == NEVER:
            state.day_ends = self._calendar.at(moment.day, 24)
        if event.kind != BUTTON:
            return self._passes(moment) if state.listens else []
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
            ended = self._ended_by(event, moment)
            self._press(event, moment, remark)
            return [*ended, self._answer(moment)]
        if not event.value and state.first is not None:
            self._take_back()
            return [self._answer(moment)]
        return []

    def _ended_by(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """The end of a call that stands, where a press is another one.

        It is told by when each was heard. Behind a clock that stood ahead event time stands still,
        and all presses count at one moment: there the button's own times tell, too.
        """
        state = self._state
        after = moment.t - state.last
        if event.quality == Quality.CLOCK_UNSURE:
            after = max(after, abs(event.at.timestamp() - state.pressed))
        if state.first is None or after <= ANEW_S:
            return []
        self._take_back()
        ended = self._answer(moment, _PRESSED_ANEW)
        state.anew = True
        return [ended]

    def _press(self, event: SensorEvent, moment: Moment, remark: str) -> None:
        state = self._state
        if state.first is None:
            state.first = moment.t
        state.last, state.place, state.presses = moment.t, event.place, state.presses + 1
        state.pressed, state.remark = event.at.timestamp(), remark
        state.heard, state.lasted = moment.t, 0.0
        if not state.listens:
            state.listens_at = moment.t + LISTENS_AFTER_S

    def _passes(self, moment: Moment) -> list[Assessment]:
        """Counts the time that a call has stood; answers where it is let go."""
        state = self._state
        if state.first is None:
            return []
        state.lasted += min(max(moment.t - state.heard, 0.0), BORNE_OUT_S)
        state.heard = moment.t
        if state.lasted < HELD_S:
            return []
        self._take_back()
        return [self._answer(moment, _LET_GO)]

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
        """Midnight, or when it is time to listen to the home for a call that stands."""
        return min(self._state.day_ends, self._state.listens_at)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers once a day. Listens to the rest of the home from now on, or no longer."""
        state = self._state
        state.listens, state.listens_at = state.first is not None, NEVER
        if moment.t < state.day_ends:
            return []
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

    def migrate(self, version: int, snapshot: bytes) -> None:
        """Goes on from a snapshot of version 1, whose call begins to be counted anew.

        Raises:
            ValueError: The bytes are not such a snapshot, or of another version.
        """
        if version != 1:
            raise ValueError(f"version {version} of it is not known")
        self.restore(snapshot)
        if self._state.first is not None:
            self._state.heard = self._state.last
            self._state.listens_at = self._state.last + LISTENS_AFTER_S

    def _take_back(self) -> None:
        state = self._state
        state.first, state.presses, state.anew, state.listens_at = None, 0, False, NEVER

    def _answer(self, moment: Moment, ended: str = "") -> Assessment:
        state = self._state
        called = state.first is not None
        found = State.RAISED if called else State.NORMAL if state.fitted else State.BLIND
        text = {
            State.RAISED: f"{self._asked()} {state.remark}".strip(),
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
            reason=text if found is State.BLIND else ended,
            text=text,
            prompt="Call the person now; if there is no answer, send someone." if called else "",
        )

    def _asked(self) -> str:
        place = plain(self._state.place)
        if self._state.anew:
            return f"Help was asked for again at the {place}, after an earlier call."
        return f"Help was asked for at the {place}."

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
