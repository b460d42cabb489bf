"""Days unlike a person's usual ones, in whatever way: for homes that ask for it.

Every other condition looks for one kind of change. This one looks at the whole day, and alerts on
the rank of its oddity among the person's own past days, so that the budget is the threshold.
"""

from typing import ClassVar, Self

import msgspec

from contract import Assessment, Condition, Evidence, Kind, SensorEvent, State, utc
from detectors.budgets import budget
from detectors.features.day_vector import DayMeasures, DayVector
from detectors.features.kept_days import LEARNED, RAISED, VISITED, KeptDay, check, kept
from detectors.features.places import PERSON_KINDS
from detectors.models.change import DAYS_A_MONTH
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile, UnusualDay
from detectors.protocol import NEVER
from detectors.scorers import past
from detectors.scorers.baseline import FIRST_SCORE, SPREAD, Baseline
from detectors.scorers.hindrance import hindrance, visited
from detectors.scorers.lasting import (
    LASTING_DAYS,
    TOLD_DAYS,
    Change,
    lasts,
    noticed,
    taken,
)
from detectors.scorers.named import make_drift, make_scorer
from detectors.scorers.reasons import reasons
from detectors.snapshots import freeze, thaw

MORNING = 6.0
CLEARS = 0.15
"""An alert clears when so many ordinary days in a hundred, as a share, are as odd."""
MOST_DAYS = 91
KEPT_DAYS = 70
"""Once more than the most are kept, the oldest go at once, and the usual is built anew."""
WARM_UP_DAYS = FIRST_SCORE + past.ENOUGH
NORMAL_TEXT = "The day was as this person's days usually are."
PROMPT = "Ask how they are and whether anything has changed; look at the measures shown."
FIRST_DAY = "The first day is not a whole one."
VISITORS = "Far more movement than usual; perhaps visitors."


class UnusualDayState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        choice: With which scorer the scores were made.
        vector: The day under way.
        days: What is usual rests on these, oldest first.
        scores: Of past days, oldest first; of an alert only the first.
        first_day: The day of the first event, as an ordinal.
        due: 06:00 or midnight.
        raised_on: The day an alert was opened.
        change: A change of routine that may last, or that has become the usual.
    """

    choice: UnusualDay | None = None
    vector: DayVector = msgspec.field(default_factory=DayVector)
    days: list[KeptDay] = []
    scores: list[float] = []
    first_day: int = 0
    due: float = NEVER
    raised_on: int | None = None
    change: Change | None = None


class UnusualDayWatch:
    """Watches the days of one home; one that has not asked for it gets :class:`Unwatched`."""

    condition: ClassVar[str] = Condition.UNUSUAL_DAY
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS | {Kind.TEMPERATURE}

    def __new__(cls, profile: HomeProfile) -> Self:
        """A watch, or what stands for it in a home that has not asked for one."""
        watch: type = cls if profile.unusual_day is not None else Unwatched
        made: Self = object.__new__(watch)
        return made

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._limit = min(budget(self.condition, profile) / DAYS_A_MONTH, 0.5)
        self._choice = profile.unusual_day or UnusualDay()
        self._state = UnusualDayState(choice=profile.unusual_day)
        self._baseline = self._built([])

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in what happened; the answer comes when the day ends."""
        state = self._state
        if state.due == NEVER:
            state.first_day, state.due = moment.day, self._next_due(moment)
        state.vector.notice(event, moment)
        return []

    def due(self) -> float:
        """06:00 and midnight, from the first event on."""
        return self._state.due

    def judge(self, moment: Moment) -> list[Assessment]:
        """Ends the night without a word, or the day with an answer."""
        state = self._state
        ended = self._calendar.moment(state.due)
        state.due = self._next_due(moment)
        if ended.second > 0:
            state.vector.end_night(ended.t)
            return []
        return [self._end_day(ended.day - 1, state.vector.end_day(ended.t), moment)]

    def snapshot(self) -> bytes:
        """Everything it has learned: the days themselves, not what a scorer made of them."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot, by living the kept days again.

        Raises:
            ValueError: The bytes are no such snapshot, or one of another scorer.
        """
        state = thaw(snapshot, UnusualDayState)
        if state.choice != self._choice:
            raise ValueError("a snapshot of another scorer; learn anew")
        check(state.days)
        self._state, self._baseline = state, self._built(state.days)

    def _built(self, days: list[KeptDay]) -> Baseline:
        choice = self._choice
        return Baseline(lambda: make_scorer(choice, SPREAD), lambda: make_drift(choice), days)

    def _next_due(self, moment: Moment) -> float:
        six = self._calendar.at(moment.day, MORNING)
        return six if six > moment.t else self._calendar.at(moment.day, 24)

    def _end_day(self, day: int, measured: DayMeasures, moment: Moment) -> Assessment:
        state = self._state
        if day == state.first_day:
            return self._answer(moment, State.LEARNING, FIRST_DAY)
        if reason := hindrance(measured):
            return self._answer(moment, State.BLIND, reason)
        if visited(measured, state.days):
            self._take(kept(day, VISITED, measured.measures))
            return self._answer(moment, State.BLIND, VISITORS)
        chance = self._judged(kept(day, LEARNED, measured.measures))
        if state.raised_on is not None and chance is not None:
            return self._raised(moment, chance)
        if chance is None:
            days = min(len(state.days), WARM_UP_DAYS)
            reason = f"Learning what days are usually like: {days} of {WARM_UP_DAYS} or more."
            return self._answer(moment, State.LEARNING, reason)
        return self._answer(moment, State.NORMAL, score=past.height(chance, self._limit))

    def _judged(self, day: KeptDay) -> float | None:
        """Scores a day, opens or clears the alert, and learns; how rare so odd a day is.

        None where that cannot be said yet.
        """
        state = self._state
        score = self._baseline.score(day)
        known = score is not None and len(state.scores) >= past.ENOUGH
        chance = past.rarity(score, state.scores) if score is not None and known else None
        self._settle(day.day, chance)
        if score is not None and state.raised_on in {None, day.day}:
            past.keep(state.scores, score)
        raised = state.raised_on is not None
        self._take(msgspec.structs.replace(day, standing=RAISED if raised else LEARNED))
        return chance

    def _settle(self, day: int, chance: float | None) -> None:
        """Opens an alert, or clears it."""
        state = self._state
        if state.raised_on is None:
            if chance is not None and chance <= self._limit:
                state.raised_on = day
        elif chance is None or chance > max(CLEARS, self._limit):
            state.raised_on = None

    def _take(self, day: KeptDay) -> None:
        """Keeps a day, and looks for a lasting change."""
        state = self._state
        shifts = self._baseline.take(day)
        state.days.append(day)
        waiting = state.change is not None and state.change.taken_on is None
        if shifts and not waiting:
            state.change = noticed(shifts, state.days)
        elif state.raised_on is not None and day.day - state.raised_on >= LASTING_DAYS:
            state.change = Change([], state.raised_on, noticed_on=state.raised_on)
        if state.change is not None:
            self._look_back_on(state.change, day.day)
        if len(state.days) > MOST_DAYS:
            state.days = state.days[-KEPT_DAYS:]
            self._baseline = self._built(state.days)

    def _look_back_on(self, change: Change, day: int) -> None:
        """Makes a change that has lasted the usual; forgets one that has not, or was told."""
        state = self._state
        if change.taken_on is not None:
            if day - change.taken_on >= TOLD_DAYS:
                state.change = None
            return
        lasting = lasts(change, state.days, self._baseline)
        if lasting:
            state.days = taken(change, state.days)
            self._baseline = self._built(state.days)
            state.raised_on = None
            change.taken_on = day
        elif lasting is False:
            state.change = None

    def _raised(self, moment: Moment, chance: float) -> Assessment:
        evidence = reasons(self._state.days)
        labels = "; ".join(f"{one.label[0].lower()}{one.label[1:]}" for one in evidence)
        return self._answer(
            moment,
            State.RAISED,
            score=past.height(chance, self._limit),
            text=f"The last days were unlike this person's usual ones, most of all in: {labels}.",
            evidence=evidence,
        )

    def _answer(
        self,
        moment: Moment,
        found: State,
        reason: str = "",
        *,
        score: float = 0.0,
        text: str = "",
        evidence: list[Evidence] | None = None,
    ) -> Assessment:
        change = self._state.change
        told = change is not None and change.taken_on is not None
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=round(score, 4),
            evidence=evidence or [],
            excluded=[change.text] if change is not None and told else [],
            reason=reason,
            text=text or reason or NORMAL_TEXT,
            prompt=PROMPT if found == State.RAISED else "",
        )


class Unwatched(UnusualDayWatch):
    """Stands for the watch in a home that has not asked for one: hears, says and costs nothing."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def restore(self, snapshot: bytes) -> None:
        """Forgets what a watch had learned; should one have been there, says once that it is not.

        Raises:
            ValueError: The bytes are no such snapshot.
        """
        state = thaw(snapshot, UnusualDayState)
        self._state = UnusualDayState(due=NEVER if state.choice is None else state.due)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Says once that nothing is watched any more, so that an open alert is cleared."""
        self._state.due = NEVER
        return [self._answer(moment, State.NORMAL, text="Unusual days are no longer watched for.")]
