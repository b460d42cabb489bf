"""Rules about something that should have happened by a time of the day, and has not.

What happens is counted from `since` to `by`. Where nothing did, it is told at `by`, once, until it
happens after all. On a day when nobody can have done it, nothing is told.
"""

from abc import ABC, abstractmethod
from typing import NamedTuple, TypeVar

import msgspec

from contract import Evidence, Kind, SensorEvent, State
from detectors import chart
from detectors.features.places import EXITS, PERSON_KINDS, plain
from detectors.features.whereabouts import Whereabouts
from detectors.models.levels import LevelModel
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.protocol import NEVER
from detectors.rules.form import Span
from detectors.rules.hearing import Ear
from detectors.rules.watch import Finding, Setting
from detectors.snapshots import Remembering

UNWATCHED_S = 300.0
"""Where a clock passed over so much of the hours of a rule, that day tells nothing."""


class Words(NamedTuple):
    """What is said of it, as in :class:`contract.Assessment` and :class:`contract.Evidence`.

    Attributes:
        usual: What is believed of the count of a day, before any was seen.
    """

    raised: str
    normal: str
    prompt: str
    measure: str
    label: str
    unit: str
    usual: Prior


class TallyState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        ears: The places that must be heard.
        starts, by: The present or next stretch in which is counted; NEVER before the first event.
        count: What was counted in it.
        home: Whether somebody was seen at home in it.
        begun: Whether a whole stretch has been watched.
        raised: It had not happened by the time, and has not happened since.
        hindrance: Why the last stretch could not be judged.
        lived: Whether somebody was seen at home today.
        last: Where somebody was last seen.
        usual, points: How many are usual, and the last days.
    """

    ears: dict[str, Ear] = {}
    starts: float = NEVER
    by: float = NEVER
    count: int = 0
    home: bool = False
    begun: bool = False
    raised: bool = False
    hindrance: str = ""
    lived: bool = False
    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    usual: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []


S = TypeVar("S", bound=TallyState)


class TallyWatch(Remembering[S], ABC):
    """Keeps one rule about what should happen by a time.

    A kind of rule says in :meth:`counts` what is counted, and in :meth:`excuse` when it says
    nothing that there was none.
    """

    def __init__(
        self, span: Span, needs: dict[str, int], words: Words, setting: Setting, state: S
    ) -> None:
        self.setting = setting
        self.memory = state
        self._span = span
        self._needs = needs
        self._words = words
        state.ears = {place: Ear() for place in needs}

    @abstractmethod
    def counts(self, event: SensorEvent) -> bool:
        """Whether the event is what should happen."""

    @abstractmethod
    def excuse(self) -> str:
        """Why nothing can be said of a stretch without any; empty where it can."""

    def why_blind(self) -> str:
        """Why it can never be said, beside sensors being deaf; empty where it can."""
        return ""

    @property
    def state(self) -> State:
        """What it finds."""
        memory = self.memory
        if self._why():
            return State.BLIND
        if memory.raised:
            return State.RAISED
        return State.NORMAL if memory.begun else State.LEARNING

    def observe(self, event: SensorEvent, moment: Moment) -> None:
        """Takes in one event."""
        memory = self.memory
        if memory.starts == NEVER:
            self._lay(moment)
        ear = memory.ears.get(event.place)
        if ear is not None:
            ear.hear(event)
        if event.kind not in PERSON_KINDS:
            return
        memory.last.notice(moment.t, event.place)
        inside = event.place not in EXITS
        memory.lived = memory.lived or inside
        within = memory.starts <= moment.t < memory.by
        if self.counts(event):
            memory.count += within
            memory.raised, memory.hindrance = False, ""
        elif within and inside and event.kind != Kind.BUTTON:
            memory.home = True

    def leapt(self, by: float, moment: Moment) -> None:
        """The clock was set ahead: of hours that nobody watched nothing can be said."""
        memory = self.memory
        memory.last.leapt(by)
        unwatched = min(moment.t, memory.by) - max(moment.t - by, memory.starts)
        if memory.starts < NEVER and unwatched >= UNWATCHED_S:
            self._lay(moment)

    def due(self) -> float:
        """The time by which it should have happened."""
        return self.memory.by

    def judge(self, moment: Moment) -> None:
        """Judges the stretch that ends, and lays out the next."""
        memory, words = self.memory, self._words
        memory.begun = True
        if memory.count:
            memory.hindrance = ""
        else:
            memory.hindrance = self.excuse()
            memory.raised = memory.raised or not (memory.hindrance or self._why())
        value = None if self._why() else float(memory.count)
        usual, low, high = memory.usual.band(words.usual)
        point = chart.Point(moment.day, value, usual, max(low, 0.0), max(high, 0.0))
        chart.keep(memory.points, point)
        if value is not None:
            memory.usual.learn_one(value, words.usual)
        self._lay(moment)

    def end_day(self, moment: Moment) -> None:  # noqa: ARG002 - as every watch does it
        """Asks after the sensors."""
        memory = self.memory
        for ear in memory.ears.values():
            ear.end_day(lived=memory.lived)
        memory.lived = False

    def finding(self, moment: Moment) -> Finding:  # noqa: ARG002 - as every watch does it
        """The last stretch beside what is asked for and what is usual."""
        state, why, words = self.state, self._why(), self._words
        if state is State.BLIND:
            return Finding(state, why, why)
        if state is State.LEARNING:
            why = "The hours of this rule have not been watched from end to end yet."
            return Finding(state, why, why)
        evidence = self._evidence()
        usual = evidence.usual or 0.0
        if state is State.NORMAL:
            return Finding(state, "", words.normal, evidence=evidence)
        score = round(0.5 + usual / (usual + 1.0) / 2, 4)
        return Finding(state, "", words.raised, words.prompt, score, evidence)

    def out(self) -> str:
        """Where somebody was last seen who is probably out; empty where nobody is."""
        last = self.memory.last
        if last.t is None or not last.perhaps_out:
            return ""
        where, when = plain(last.place), self.setting.clock(last.t)
        return f"Nobody seen since the {where} at {when}; probably out."

    def _lay(self, moment: Moment) -> None:
        """Lays out the next stretch that begins at `moment` or later."""
        memory, span, at = self.memory, self._span, self.setting.calendar.at
        stretches = (
            (at(day, span.since / 3600), at(day, span.until / 3600))
            for day in range(moment.day, moment.day + 16)
            if span.on(day)
        )
        memory.starts, memory.by = next(
            # Where the clock goes forward a stretch may lie in the hour that is left out.
            (starts, by)
            for starts, by in stretches
            if moment.t <= starts < by
        )
        memory.count, memory.home = 0, False

    def _why(self) -> str:
        for place, days in self._needs.items():
            if why := self.memory.ears[place].why_deaf(place, days):
                return why
        return self.why_blind() or self.memory.hindrance

    def _evidence(self) -> Evidence:
        words, points = self._words, self.memory.points
        last = points[-1] if points else None
        count = 0.0 if self.memory.raised or last is None else last.value
        usual, _, high = self.memory.usual.band(words.usual)
        told = "not seen" if count is None else chart.number(count) if count else "none"
        return Evidence(
            measure=words.measure,
            label=words.label,
            unit=words.unit,
            value=count,
            usual=round(usual, 2),
            low=1.0,
            high=round(max(high, 1.0), 2),
            share=1.0,
            days=chart.days(points),
            text=f"{words.label}: {told}; the rule asks for 1, and {chart.number(usual)} is usual.",
        )
