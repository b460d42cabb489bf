"""Minutes without a sign of life, against this person's own silences in the same place and hours.

Someone who may have gone out is not missed at home: a silence that began at an outer door is
never an alert but the answer "cannot say". Any sign of life ends a silence at once.
"""

from datetime import datetime
from math import isfinite
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contract import Assessment, Evidence, Kind, SensorEvent, State, utc
from detectors import chart, home_context
from detectors.budgets import BUDGETS, Allowance
from detectors.features.places import EXITS, SEEING, plain, room
from detectors.features.whereabouts import Whereabouts
from detectors.lulls import Lulls
from detectors.models.levels import LevelModel
from detectors.models.usual import Prior
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.records import Records
from detectors.snapshots import freeze, thaw

BRIEF = 600.0
"""Shorter silences are not worth learning."""
LOOK_AGAIN = 1.5
"""While an alert is open it is told again each time the silence has grown so many times."""
HOUR = 3600.0
LEAST_WATCHED = 0.1
"""Share of a day's signs of life after which a silence could be judged; with fewer, blind."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is; the others only tell that they are up and about."""


class Scope(NamedTuple):
    """Which silences a condition is about, before any home.

    Attributes:
        unwatched: Rooms in which silence means nothing to this condition.
        habits: Makes what is learned of silences: their tails, or their records.
        least: No silence is told before it has lasted so long, in seconds.
        most: Where silences would be told later than this, they tell nothing and are not watched.
        daily: What is believed of the longest silence of a day, in minutes.
        learning_days: Days before the first alert.
        alone: Whether it can answer "as usual" only of one who lives alone.
    """

    unwatched: frozenset[str]
    habits: type[Lulls] | type[Records]
    least: float
    most: float
    daily: Prior
    learning_days: int
    alone: bool


class Words(NamedTuple):
    """What a condition says to staff. In `raised` stand `{minutes}`, `{room}` and `{since}`."""

    raised: str
    normal: str
    prompt: str
    measure: str
    label: str


class SilenceState(msgspec.Struct):
    """All that a silence watch has learned; its form is the snapshot's.

    Attributes:
        habits: What has been learned of silences.
        last: The last sign of life.
        context: Where and when the present silence began; empty where it is not watched.
        sees: Whether any sensor here could miss a person.
        first_day: The day of the first event, as an ordinal.
        limit_at: When the present silence becomes too long, or is to be told again.
        day_ends: When the daily answer is due.
        missed: The present silence is too long: RAISED, or BLIND where they may be out.
        signs, watched: Signs of life today in watched rooms, and those after which silence counts.
        hindrance: Why yesterday could not be judged.
        longest: The longest watched silence of the present day, in seconds.
        daily, points: The usual of that, and its chart, in minutes.
    """

    habits: Lulls | Records
    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    context: str = ""
    sees: bool = False
    first_day: int = 0
    limit_at: float = NEVER
    day_ends: float = NEVER
    missed: str = ""
    signs: int = 0
    watched: int = 0
    hindrance: str = ""
    longest: float = 0.0
    daily: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []


class SilenceWatch:
    """The silences of one condition of one home."""

    condition: ClassVar[str]
    version: ClassVar[int]
    kinds: ClassVar[frozenset[str]]

    def __init__(
        self, scope: Scope, words: Words, profile: HomeProfile, parameters: Parameters
    ) -> None:
        condition = self.condition
        self._profile = profile
        self._calendar = Calendar(profile.time_zone)
        self._zone = ZoneInfo(profile.time_zone)
        self._scope = scope
        self._words = words
        steepness = parameters.steepness.get(condition, 1.0)
        self._allowance = Allowance(condition, profile, steepness)
        self._caution = parameters.caution[condition]
        # Of the present day, filled when asked for:
        self._contexts: dict[tuple[str, int], str] = {}
        self._limits: dict[str, float] = {}
        self.state = SilenceState(habits=scope.habits())

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in a sign of life, which ends the silence before it."""
        state, t = self.state, moment.t
        if state.day_ends == NEVER:
            state.first_day = moment.day
            state.day_ends = self._calendar.at(moment.day, 24)
        last = state.last
        if last.t is not None and t - last.t > BRIEF:
            self._end_silence(event, moment, t - last.t)
        last.notice(t, event.place)
        if event.kind in WHERE:
            if not state.sees:
                state.sees = event.kind in SEEING
            key = event.place, int(moment.second // HOUR)
            context = self._contexts.get(key)
            if context is None:
                context = self._contexts[key] = self._context(*key)
            state.context = context
        limit = NEVER
        if state.context:
            limit = self._limits.get(state.context) or self._limit(state.context, moment.day)
            state.signs += 1
            if limit < NEVER:
                state.watched += 1
        state.limit_at = t + limit
        if state.missed:
            state.missed = state.hindrance = ""
            return [self._answer(moment)]
        return []

    def due(self) -> float:
        """When the silence becomes too long, or the day ends."""
        state = self.state
        return min(state.day_ends, state.limit_at)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers once when a silence has become too long, and once a day."""
        if moment.t >= self.state.limit_at:
            self._miss(moment)
        if moment.t >= self.state.day_ends:
            self._end_day(moment)
        return [self._answer(moment)]

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self.state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        state = thaw(snapshot, SilenceState)
        if not isinstance(state.habits, self._scope.habits):
            raise ValueError("a snapshot of other habits; learn anew")  # noqa: TRY004 - as promised
        self.state = state
        self._limits = {}

    def _context(self, place: str, hour: int) -> str:
        """Where and when a silence begins; empty where it is not watched."""
        watched = room(place) not in self._scope.unwatched
        return self.state.habits.context(place, hour) if watched else ""

    def _limit(self, context: str, day: int) -> float:
        """How long a silence of this context may last, in seconds."""
        found = self._limits.get(context)
        if found is None:
            budget, default = self._allowance.on(day), BUDGETS[self.condition]
            found = self.state.habits.limit(context, day, budget, default, self._caution)
            found = max(found, self._scope.least)
            found = self._limits[context] = found if found <= self._scope.most else NEVER
        return found

    def _end_silence(self, event: SensorEvent, moment: Moment, length: float) -> None:
        """Learns a silence, unless the person was out: left by a door and came back by one."""
        state = self.state
        if not state.context or (state.last.perhaps_out and event.place in EXITS):
            return
        state.longest = max(state.longest, length)
        # One that was told is not taken for usual in its whole length.
        most = LOOK_AGAIN * self._limit(state.context, moment.day)
        if state.habits.end(state.context, min(length, most), moment.day):
            self._limits = {}

    def _miss(self, moment: Moment) -> None:
        """The silence is too long."""
        state = self.state
        since = state.last.t if state.last.t is not None else moment.t
        away = home_context.elsewhere(self._profile.context, moment.day)
        out = state.last.perhaps_out or bool(away)
        state.limit_at = NEVER if out else since + LOOK_AGAIN * max(moment.t - since, BRIEF)
        if moment.day - state.first_day >= self._scope.learning_days and state.sees:
            state.missed = State.BLIND if out else State.RAISED

    def _end_day(self, moment: Moment) -> None:
        state, prior = self.state, self._scope.daily
        minutes = state.longest / 60 or None
        chart.keep(state.points, self._point(moment.day - 1, minutes))
        if minutes is not None:
            state.daily.learn_one(minutes, prior)
        state.hindrance = ""
        if state.watched <= LEAST_WATCHED * state.signs:
            state.hindrance = (
                "The sensors often lose sight of the person; silence tells too little."
            )
        if not state.signs:
            state.hindrance = "Nobody was seen all day."
        state.longest, state.signs, state.watched = 0.0, 0, 0
        state.day_ends = self._calendar.at(moment.day, 24)
        state.habits.end_day()
        self._contexts, self._limits = {}, {}

    def _answer(self, moment: Moment) -> Assessment:
        found, reason = self._found(moment)
        raised = found is State.RAISED
        judged = raised or found is State.NORMAL
        since = self.state.last.t
        silence = moment.t - since if since is not None else 0.0
        text = self._words.raised.format(
            minutes=f"{silence / 60:.0f}",
            room=plain(room(self.state.last.place)),
            since=self._clock(since),
        )
        evidence, score = self._evidence(silence, moment)
        answer = Assessment(
            home=self._profile.home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=score if judged else 0.0,
            evidence=[evidence] if judged else [],
            reason=reason,
            text=text if raised else reason or self._words.normal,
            prompt=self._words.prompt if raised else "",
        )
        return self._allowance.told(answer, moment.day)

    def _found(self, moment: Moment) -> tuple[State, str]:
        """The answer and, where it is none, why."""
        state = self.state
        if state.missed == State.RAISED:
            return State.RAISED, ""
        days, learning_days = moment.day - state.first_day, self._scope.learning_days
        if state.sees and days < learning_days:
            return State.LEARNING, f"Learning what is usual: day {days + 1} of {learning_days}."
        reason = self._why_blind(moment.day)
        return (State.BLIND, reason) if reason else (State.NORMAL, "")

    def _why_blind(self, day: int) -> str:
        state = self.state
        if not state.sees:
            return "No motion or presence sensor has been heard."
        if away := home_context.elsewhere(self._profile.context, day):
            return away
        if state.missed:
            place, since = plain(state.last.place), self._clock(state.last.t)
            return f"Nobody seen since the {place} at {since}; probably out."
        if self._scope.alone and self._profile.people > 1:
            return "More than one person lives here; who moves hides who does not."
        return state.hindrance

    def _evidence(self, silence: float, moment: Moment) -> tuple[Evidence, float]:
        """The present silence beside the usual, and the score: a half where it becomes too long."""
        usual, allowed = 0.0, NEVER
        if self.state.context:
            usual = self.state.habits.usual(self.state.context, moment.day)
            allowed = self._limit(self.state.context, moment.day)
        evidence = Evidence(
            measure=self._words.measure,
            label=self._words.label,
            unit="minutes",
            value=round(silence / 60, 1),
            usual=round(usual / 60, 1),
            low=0.0,
            high=round(allowed / 60, 1) if isfinite(allowed) else None,
            share=1.0,
            days=chart.days(self._chart(silence, moment)),
            text=(
                f"{silence / 60:.0f} minutes without a sign of life; "
                f"a long silence there at that time is usually {usual / 60:.0f}."
            ),
        )
        return evidence, round(silence / (silence + allowed), 4)

    def _chart(self, silence: float, moment: Moment) -> list[chart.Point]:
        """The days that are over and, while an alert stands, the one under way."""
        if self.state.missed != State.RAISED:
            return self.state.points
        longest = max(silence, self.state.longest) / 60
        return [*self.state.points[1 - chart.CHART_DAYS :], self._point(moment.day, longest)]

    def _point(self, day: int, minutes: float | None) -> chart.Point:
        usual, low, high = self.state.daily.band(self._scope.daily)
        return chart.Point(day, minutes, usual, max(low, 0.0), high)

    def _clock(self, t: float | None) -> str:
        return "no time" if t is None else f"{datetime.fromtimestamp(t, self._zone):%H:%M}"
