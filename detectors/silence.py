"""Minutes without a sign of life, against this person's own silences in the same place and hours.

Someone who may have gone out is not missed at home: a silence that began at an outer door is never an
alert but the answer "cannot say". Any sign of life ends a silence at once.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contract import Assessment, Evidence, Kind, SensorEvent, State, utc
from detectors import chart
from detectors.features.places import EXITS, plain, room
from detectors.features.whereabouts import Whereabouts
from detectors.models.levels import LevelModel, LevelPrior
from detectors.models.longest import LongestSilences, SilencePrior
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

BRIEF = 600.0
"""Shorter silences are not worth learning."""
LEARNING_DAYS = 3
LOOK_AGAIN = 1.5
"""While an alert is open it is told again each time the silence has grown so many times."""
HOUR = 3600.0
MOST_CONTEXTS = 60
"""A home has fewer; beyond it new places are taken for noise, so that memory stays bounded."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is; the others only tell that they are up and about."""
SEEING: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE})
"""Kinds without which nobody can be missed."""


class Scope(NamedTuple):
    """Which silences a condition is about.

    Attributes:
        unwatched: Rooms in which silence means nothing to this condition.
        by_room: Whether each room has its own usual.
        block: Hours of the day that share a usual.
        prior: What is believed before the person's own silences are seen.
        daily: What is believed of the longest silence of a day, in minutes.
        alone: Whether it needs the person to live alone to answer "as usual".
    """

    unwatched: frozenset[str]
    by_room: bool
    block: int
    prior: SilencePrior
    daily: LevelPrior
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
        usual: The longest silences by context.
        last: The last sign of life.
        context: Where and when the present silence began; empty where it is not watched.
        sees: Whether any sensor here could miss a person.
        first_day: The day of the first event, as an ordinal.
        limit_at: When the present silence becomes too long, or is to be told again.
        day_ends: When the daily answer is due.
        missed: The present silence is too long: the answer is RAISED, or BLIND where they may be out.
        longest: The longest watched silence of the present day, in seconds.
        daily: The usual of that, and its chart in minutes.
    """

    usual: dict[str, LongestSilences] = {}
    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    context: str = ""
    sees: bool = False
    first_day: int = 0
    limit_at: float = NEVER
    day_ends: float = NEVER
    missed: str = ""
    longest: float = 0.0
    daily: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []


class SilenceWatch:
    """The silences of one condition of one home."""

    def __init__(self, condition: str, profile: HomeProfile, scope: Scope, words: Words) -> None:
        self._condition = condition
        self._profile = profile
        self._calendar = Calendar(profile.time_zone)
        self._zone = ZoneInfo(profile.time_zone)
        self._scope = scope
        self._words = words
        self._limits: dict[str, float] = {}  # of the present day, filled when asked for
        self.state = SilenceState()

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
            state.sees = state.sees or event.kind in SEEING
            state.context = self._context(room(event.place), moment)
        state.limit_at = t + self._limit(state.context, moment.day) if state.context else NEVER
        if state.missed:
            state.missed = ""
            return [self._answer(moment)]
        return []

    def due(self) -> float:
        """When the silence becomes too long, or the day ends."""
        state = self.state
        return min(state.day_ends, state.limit_at)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers once when a silence has become too long, and once a day."""
        state = self.state
        if moment.t >= state.limit_at:
            self._miss(moment)
        if moment.t >= state.day_ends:
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
        self.state = thaw(snapshot, SilenceState)
        self._limits = {}

    def _context(self, place: str, moment: Moment) -> str:
        if place in self._scope.unwatched:
            return ""
        block = int(moment.second // (HOUR * self._scope.block))
        return f"{place}/{block}" if self._scope.by_room else f"/{block}"

    def _limit(self, context: str, day: int) -> float:
        """How long a silence of this context may last, in seconds."""
        limit = self._limits.get(context)
        if limit is None:
            known = self.state.usual.get(context) or LongestSilences()
            limit = self._limits[context] = known.limit(self._scope.prior, day)
        return limit

    def _end_silence(self, event: SensorEvent, moment: Moment, length: float) -> None:
        state = self.state
        if not state.context or (state.last.perhaps_out and event.place in EXITS):
            return
        state.longest = max(state.longest, length)
        known = state.usual.get(state.context)
        if known is None:
            if len(state.usual) >= MOST_CONTEXTS:
                return
            known = state.usual[state.context] = LongestSilences()
        known.learn_one(length, moment.day)
        self._limits.pop(state.context, None)

    def _miss(self, moment: Moment) -> None:
        """The silence is too long."""
        state = self.state
        since = state.last.t if state.last.t is not None else moment.t
        out = state.last.perhaps_out
        state.limit_at = NEVER if out else since + LOOK_AGAIN * max(moment.t - since, BRIEF)
        if moment.day - state.first_day >= LEARNING_DAYS and state.sees:
            state.missed = State.BLIND if out else State.RAISED

    def _end_day(self, moment: Moment) -> None:
        state, prior = self.state, self._scope.daily
        value = state.longest / 60
        band = state.daily.band(1.0, prior)
        seen = bool(value)
        day = moment.day - 1
        chart.keep(state.points, chart.Point(day, value if seen else None, *band))
        if seen:
            state.daily.learn_one(value, 1.0, prior)
        state.longest = 0.0
        state.day_ends = self._calendar.at(moment.day, 24)
        self._limits = {}

    def _answer(self, moment: Moment) -> Assessment:
        found, reason = self._found(moment)
        raised = found is State.RAISED
        silence, usual, limit = self._measures(moment)
        judged = raised or found is State.NORMAL
        text = self._words.raised.format(
            minutes=f"{silence / 60:.0f}",
            room=plain(room(self.state.last.place)),
            since=self._clock(self.state.last.t),
        )
        return Assessment(
            home=self._profile.home,
            condition=self._condition,
            at=utc(moment.t),
            state=found,
            score=round(min(silence / (silence + limit), 1.0), 4) if judged else 0.0,
            evidence=[self._evidence(silence, usual, limit)] if judged else [],
            reason=reason,
            text=text if raised else reason or self._words.normal,
            prompt=self._words.prompt if raised else "",
        )

    def _found(self, moment: Moment) -> tuple[State, str]:
        """The answer and, where it is none, why."""
        state = self.state
        if state.missed == State.RAISED:
            return State.RAISED, ""
        if not state.sees:
            return State.BLIND, "No motion or presence sensor has been heard."
        days = moment.day - state.first_day
        if days < LEARNING_DAYS:
            return State.LEARNING, f"Learning what is usual: day {days + 1} of {LEARNING_DAYS}."
        if state.missed:
            since = self._clock(state.last.t)
            return (
                State.BLIND,
                f"Nobody seen since the {plain(state.last.place)} at {since}; probably out.",
            )
        if self._scope.alone and self._profile.people > 1:
            return State.BLIND, "More than one person lives here; whoever moves hides who does not."
        return State.NORMAL, ""

    def _measures(self, moment: Moment) -> tuple[float, float, float]:
        """The present silence, a long ordinary one, and the limit, in seconds."""
        state = self.state
        silence = moment.t - state.last.t if state.last.t is not None else 0.0
        known = state.usual.get(state.context) or LongestSilences()
        prior = self._scope.prior
        return silence, known.usual(prior, moment.day), known.limit(prior, moment.day)

    def _evidence(self, silence: float, usual: float, limit: float) -> Evidence:
        state, words = self.state, self._words
        return Evidence(
            measure=words.measure,
            label=words.label,
            unit="minutes",
            value=round(silence / 60, 1),
            usual=round(usual / 60, 1),
            low=0.0,
            high=round(limit / 60, 1),
            share=1.0,
            days=chart.days(state.points),
            text=(
                f"{silence / 60:.0f} minutes without a sign of life; a long silence there and then is "
                f"usually {usual / 60:.0f}."
            ),
        )

    def _clock(self, t: float | None) -> str:
        return "no time" if t is None else f"{datetime.fromtimestamp(t, self._zone):%H:%M}"
