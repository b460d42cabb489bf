"""Rules about something that lasts too long: a stay, an open door, an empty home, a bed left.

A spell begins and ends with events. Where it has lasted for longer than the rule allows, and the
rule counts at that time of the day, it is told once, and again each time it has grown by half. It
is told no more when it ends, not when the hours of the rule are over: what is wrong does not come
right at seven.
"""

from abc import ABC, abstractmethod
from typing import NamedTuple, TypeVar

import msgspec

from contract import Evidence, Kind, SensorEvent, State
from detectors import chart
from detectors.features.places import EXITS, PERSON_KINDS
from detectors.models.levels import LevelModel
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.protocol import NEVER
from detectors.rules.form import Span
from detectors.rules.hearing import Ear
from detectors.rules.watch import Finding, Setting
from detectors.snapshots import Remembering

LOOK_AGAIN = 0.5
"""A spell that is told is told again when it has grown by so much of itself, but not"""
BRIEF = 600.0
"""sooner than after so many seconds."""


class Limits(NamedTuple):
    """What a rule about a spell allows.

    Attributes:
        limit: Seconds that it may last.
        span: When the rule counts.
        needs: The places that may have to be heard, and after how many quiet days each is in doubt.
        learned_from: Seconds from which on a spell is learned as usual.
    """

    limit: float
    span: Span
    needs: dict[str, int]
    learned_from: float = 0.0


class Words(NamedTuple):
    """What is said of it. `raised` and `told` may hold `{length}`, `{since}` and `{allowed}`.

    Attributes:
        raised, normal, prompt: For staff, as in :class:`contract.Assessment`.
        measure, label: As in :class:`contract.Evidence`.
        unit, seconds: In which lengths are told, and how many seconds it has.
        usual: What is believed of a spell before any was seen, in that unit.
    """

    raised: str
    normal: str
    prompt: str
    measure: str
    label: str
    usual: Prior
    unit: str = "minutes"
    seconds: float = 60.0


class SpellState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        ears: The places that must be heard.
        begun: When the present spell began, in epoch seconds; None where there is none.
        tell_at: When it has lasted too long, or is to be told again.
        ends_at: When it is over though nothing tells so.
        raised: It has lasted too long.
        lived: Whether somebody was seen at home today.
        longest: The longest spell of the day, in seconds.
        usual, points: How long spells are, and the longest of the last days, in the words' unit.
    """

    ears: dict[str, Ear] = {}
    begun: float | None = None
    tell_at: float = NEVER
    ends_at: float = NEVER
    raised: bool = False
    lived: bool = False
    longest: float = 0.0
    usual: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []


S = TypeVar("S", bound=SpellState)


class SpellWatch(Remembering[S], ABC):
    """Keeps one rule about a spell.

    A kind of rule says in :meth:`notice` when a spell begins and ends.
    """

    def __init__(self, limits: Limits, words: Words, setting: Setting, state: S) -> None:
        self.setting = setting
        self.memory = state
        self._limits = limits
        self._words = words
        state.ears = {place: Ear() for place in limits.needs}

    @abstractmethod
    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """Begins or ends a spell, where the event does so."""

    def ear_of(self, event: SensorEvent) -> str:
        """Which of the places that must be heard the event comes from."""
        return event.place

    def needs(self) -> dict[str, int]:
        """The places that must be heard now, and after how many quiet days they are in doubt."""
        return self._limits.needs

    def why_blind(self) -> str:
        """Why this kind of rule cannot say, beside its sensors being deaf; empty where it can."""
        return ""

    def length(self, t: float) -> float:
        """Seconds that the present spell has lasted; 0 where there is none."""
        begun = self.memory.begun
        return 0.0 if begun is None else t - begun

    def begin(self, moment: Moment, *, ends_at: float = NEVER) -> None:
        """A spell begins; where one is under way it goes on."""
        memory, t = self.memory, moment.t
        memory.ends_at = ends_at
        if memory.begun is not None:
            return
        memory.begun = t
        late = self.setting.calendar.moment(t + self._limits.limit)
        memory.tell_at = self._limits.span.next_from(late, self.setting.calendar)
        if memory.tell_at <= t:
            self.judge(moment)

    def end(self, t: float) -> None:
        """The spell ends, where one is under way."""
        memory = self.memory
        if memory.begun is None:
            return
        length = self.length(t)
        if length >= self._limits.learned_from:
            memory.usual.learn_one(length / self._words.seconds, self._words.usual)
        memory.longest = max(memory.longest, length)
        memory.begun, memory.raised = None, False
        memory.tell_at = memory.ends_at = NEVER

    def holds(self, moment: Moment) -> bool:
        """Whether the rule counts at that moment."""
        return self._limits.span.holds(moment)

    def span_end(self, moment: Moment) -> float:
        """When the hours of the rule that hold at `moment` are over."""
        return self._limits.span.end_after(moment, self.setting.calendar)

    @property
    def state(self) -> State:
        """What it finds."""
        if self.memory.raised:
            return State.RAISED
        return State.BLIND if self._why() else State.NORMAL

    def observe(self, event: SensorEvent, moment: Moment) -> None:
        """Takes in one event."""
        memory = self.memory
        ear = memory.ears.get(self.ear_of(event))
        if ear is not None:
            ear.hear(event)
        if event.kind in PERSON_KINDS:
            memory.lived = memory.lived or event.place not in EXITS
        if event.kind != Kind.LINK:
            self.notice(event, moment)

    def leapt(self, by: float, moment: Moment) -> None:  # noqa: ARG002 - as every watch does it
        """The clock was set ahead: the spell is no longer for that."""
        memory = self.memory
        if memory.begun is None:
            return
        memory.begun += by
        memory.ends_at += by
        memory.tell_at += by
        if not memory.raised:
            late = self.setting.calendar.moment(memory.tell_at)
            memory.tell_at = self._limits.span.next_from(late, self.setting.calendar)

    def due(self) -> float:
        """When the spell is too long, or over."""
        return min(self.memory.tell_at, self.memory.ends_at)

    def judge(self, moment: Moment) -> None:
        """Ends the spell or finds it too long."""
        memory = self.memory
        if moment.t >= memory.ends_at:
            self.end(moment.t)
        if memory.begun is None or moment.t < memory.tell_at:
            return
        memory.raised = memory.raised or not self._why()
        grown = LOOK_AGAIN * (moment.t - memory.begun)
        memory.tell_at = moment.t + max(grown, BRIEF)
        if not memory.raised:  # it could not be judged; perhaps it can when the rule counts next
            later = self.setting.calendar.moment(memory.tell_at)
            memory.tell_at = self._limits.span.next_from(later, self.setting.calendar)

    def end_day(self, moment: Moment) -> None:
        """Keeps the day's longest spell, and asks after the sensors."""
        memory = self.memory
        for ear in memory.ears.values():
            ear.end_day(lived=memory.lived)
        chart.keep(memory.points, self._point(moment.day - 1, self._longest(moment)))
        memory.lived, memory.longest = False, 0.0

    def finding(self, moment: Moment) -> Finding:
        """The present spell beside what is allowed and what is usual."""
        state, why = self.state, self._why()
        if state is State.BLIND:
            return Finding(state, why, why)
        begun, length = self.memory.begun, self.length(moment.t)
        raised = state is State.RAISED
        text = self._words.raised.format(
            length=self._told(length),
            allowed=self._told(self._limits.limit),
            since=self.setting.clock(moment.t if begun is None else begun),
        )
        return Finding(
            state,
            "",
            text if raised else self._words.normal,
            self._words.prompt if raised else "",
            round(length / (length + self._limits.limit), 4) if length else float(raised),
            self._evidence(length, moment),
        )

    def _why(self) -> str:
        for place, days in self.needs().items():
            if why := self.memory.ears[place].why_deaf(place, days):
                return why
        return self.why_blind()

    def _longest(self, moment: Moment) -> float:
        return max(self.memory.longest, self.length(moment.t))

    def _point(self, day: int, length: float) -> chart.Point:
        usual, low, high = self.memory.usual.band(self._words.usual)
        value = None if self._why() else length / self._words.seconds
        return chart.Point(day, value, usual, max(low, 0.0), max(high, 0.0))

    def _told(self, length: float) -> str:
        """A length as people say it, such as `35 minutes`."""
        told = chart.number(length / self._words.seconds)
        return f"{told} {self._words.unit.removesuffix('s') if told == '1' else self._words.unit}"

    def _evidence(self, length: float, moment: Moment) -> Evidence:
        words = self._words
        usual = self.memory.usual.band(words.usual).usual
        often = self._told(usual * words.seconds)
        days, limit = self.memory.points, self._limits.limit
        allowed = (
            f"the rule allows {self._told(limit)}" if limit else "the rule allows it not at all"
        )
        if self.memory.raised:
            today = self._point(moment.day, self._longest(moment))
            days = [*days[1 - chart.CHART_DAYS :], today]
        return Evidence(
            measure=words.measure,
            label=words.label,
            unit=words.unit,
            value=round(length / words.seconds, 2),
            usual=round(usual, 2),
            low=0.0,
            high=round(limit / words.seconds, 2),
            share=1.0,
            days=chart.days(days),
            text=f"{self._told(length)}; {allowed}, and {often} is usual.",
        )
