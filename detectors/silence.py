"""Minutes without a sign of life, against this person's own silences in the same place and hours.

Someone who may have gone out is not missed at home: a silence that began at an outer door is
never an alert but the answer "cannot say". Nor is a silence in which the home's thermometers fell
silent, too: there the link is down. Where messages have come late in the last days, silences may
last so much longer. Any sign of life ends a silence at once.
"""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from contract import Assessment, Evidence, Kind, SensorEvent, State, utc
from detectors import chart, home_context
from detectors.budgets import BUDGETS, Allowance
from detectors.features.lateness import Held
from detectors.features.places import EXITS, SEEING, plain, room
from detectors.features.pulse import SPEAKING_ALONE
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.silence_evidence import of_silence, point
from detectors.silence_form import Scope, SilenceState, Words
from detectors.snapshots import freeze, thaw

BRIEF = 600.0
"""Shorter silences are not worth learning."""
LOOK_AGAIN = 1.5
"""While an alert is open it is told again each time the silence has grown so many times."""
HOUR = 3600.0
DOORS_HEARD = 7 * 24 * HOUR
"""Where no outer door was heard for so long, in seconds, nobody is seen to leave."""
LEAST_WATCHED = 0.1
"""Share of a day's signs of life after which a silence could be judged; with fewer, blind."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is; the others only tell that they are up and about."""


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
        """Takes in a sign of life, which ends the silence before it; or that the link is up."""
        if event.kind in SPEAKING_ALONE:
            return self._beat(moment)
        state, t = self.state, moment.t
        last, over = state.last, ""
        if last.t is None or t - last.t > BRIEF or state.missed or state.lateness.held:
            over = self._end_silence(event, moment)
        last.notice(t, event.place)
        if event.kind in WHERE:
            if not state.sees:  # to write down what stands there already takes its time
                state.sees = event.kind in SEEING
            if self._scope.needs_all:
                self._hear(event, t)
            key = event.place, int(moment.second // HOUR)
            context = self._contexts.get(key)
            if context is None:
                context = self._contexts[key] = self._context(*key)
            state.context = context
        limit = NEVER
        if state.context:
            limit = self._limits.get(state.context) or self._limit(state.context, moment.day)
            state.signs += 1
            state.watched += limit < self._scope.hard_stop
        state.limit_at = t + limit
        if state.missed:
            state.missed = state.hindrance = ""
            return [self._answer(moment, over)]
        return []

    def observe_late(self, event: SensorEvent, moment: Moment) -> None:
        """Takes in a sign of life that was told too late; it counts once the link is up again."""
        if event.kind not in SPEAKING_ALONE and self.state.last.t is not None:
            self.state.lateness.hear(moment.t, moment.day, event.place)

    def leapt(self, by: float, moment: Moment) -> None:  # noqa: ARG002 - as others need it
        """The clock was set ahead: the present silence is no longer for that."""
        state = self.state
        state.last.leapt(by)
        state.limit_at += by
        state.anew += by
        state.pulse.last += by

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
            found = max(found, self._scope.least) + self.state.lateness.on(day)
            found = found if found <= self._scope.most else NEVER
            found = self._limits[context] = min(found, self._scope.hard_stop)
        return found

    def _end_silence(self, event: SensorEvent, moment: Moment) -> str:
        """A sign of life comes that is the first, or after a while; what it ends, if that was told.

        Also where a silence was told, or others came late, however short it was.
        """
        state, last = self.state, self.state.last.t
        if state.day_ends == NEVER:
            state.first_day = moment.day
            state.day_ends = self._calendar.at(moment.day, 24)
        late = self._settle() if state.lateness.held else None
        if late is None and last is not None and moment.t - last > BRIEF:
            self._learn(event, moment, moment.t - last)
        return self._over(event, moment, late) if state.missed == State.RAISED else ""

    def _learn(self, event: SensorEvent, moment: Moment, length: float) -> None:
        """Learns a silence, unless the person was out: left by a door and came back by one.

        Nor is one learned in which the link was down.
        """
        state, since = self.state, moment.t - length
        if not state.context or (state.last.perhaps_out and event.place in EXITS):
            return
        if state.anew > since:
            return
        state.longest = max(state.longest, length)
        # One that was told is not taken for usual in its whole length.
        most = LOOK_AGAIN * self._limit(state.context, moment.day)
        if state.habits.end(state.context, min(length, most), moment.day):
            self._limits = {}

    def _hear(self, event: SensorEvent, t: float) -> None:
        """One of the sensors speaks that tell where the person is, or that they have left."""
        state = self.state
        if event.kind in SEEING or event.place in EXITS:
            state.voices.hear(event.sensor, t)
            if state.unheard and event.sensor in state.unheard:
                state.unheard.remove(event.sensor)

    def _settle(self) -> Held | None:
        """What came late counts from now on; what of it tells of the silence before."""
        since = self.state.last.t
        self._limits = {}
        return None if since is None else self.state.lateness.settle(since)

    def _beat(self, moment: Moment) -> list[Assessment]:
        """The link is up. A silence that it left unseen is watched from now on."""
        state, t = self.state, moment.t
        since = state.last.t
        back = state.pulse.beat(t)
        if since is None or not state.context or state.missed == State.RAISED:
            return []
        limit = self._limit(state.context, moment.day)
        if back and not state.last.perhaps_out:
            was_blind, state.missed, state.anew = bool(state.missed), "", t
            state.limit_at = min(t + limit, max(since + self._scope.hard_stop, t))
            return [self._answer(moment)] if was_blind else []
        if state.limit_at < NEVER and t >= max(since, state.anew) + limit:
            state.limit_at = min(state.limit_at, t)  # it had waited for this
        return []

    def _miss(self, moment: Moment) -> None:
        """The silence is too long."""
        state, stop = self.state, self._scope.hard_stop
        since = state.last.t if state.last.t is not None else moment.t
        silence = moment.t - since
        why = self._why_not_missed(moment.day)
        if not why and not state.missed and not state.pulse.felt(max(since, state.anew)):
            state.limit_at = state.pulse.last + state.pulse.allowed
            if state.limit_at > moment.t:
                return  # until then a thermometer says whether the link is up
            heard = self._clock(state.pulse.last)
            why = f"Nothing at all heard since {heard}, no thermometer either; perhaps no link."
        again = LOOK_AGAIN * max(silence, BRIEF)
        state.limit_at = NEVER if why else since + (min(again, stop) if silence < stop else again)
        known = moment.day - state.first_day >= self._scope.learning_days or silence >= stop
        if known and state.sees:
            state.missed, state.why = State.BLIND if why else State.RAISED, why

    def _why_not_missed(self, day: int) -> str:
        """Why nobody is missed however long the silence; empty where somebody is."""
        last = self.state.last
        if away := home_context.elsewhere(self._profile.context, day):
            return away
        if last.perhaps_out:
            place, since = plain(last.place), self._clock(last.t)
            return f"Nobody seen since the {place} at {since}; probably out."
        return "" if self.state.missed == State.RAISED else self._unheard()

    def _unheard(self) -> str:
        """Which sensors are missed by name, of those that would show the person; empty if none."""
        names = ", ".join(self.state.unheard)
        return f"Nothing lately from {names}, so that the person may be unseen." if names else ""

    def _end_day(self, moment: Moment) -> None:
        state, prior = self.state, self._scope.daily
        minutes = state.longest / 60 or None
        chart.keep(state.points, point(state, prior, moment.day - 1, state.longest))
        if minutes is not None:
            state.daily.learn_one(minutes, prior)
        state.hindrance = ""
        if state.watched <= LEAST_WATCHED * state.signs:
            state.hindrance = (
                "The sensors often lose sight of the person; silence tells too little."
            )
            if late := self._late(moment.day):
                state.hindrance = late
        if not state.signs:
            state.hindrance = "Nobody was seen all day."
        state.longest, state.signs, state.watched = 0.0, 0, 0
        state.day_ends = self._calendar.at(moment.day, 24)
        state.habits.end_day()
        state.pulse.end_day(moment.t)
        if any(voice.today for voice in state.voices.known.values()):  # else nobody was there
            state.unheard = list(state.voices.end_day())
        self._contexts, self._limits = {}, {}

    def _over(self, event: SensorEvent, moment: Moment, late: Held | None) -> str:
        """What ended a silence that was told."""
        if late is not None:
            where, when = plain(room(late.place)), self._clock(late.newest)
            return f"Messages came late: somebody had been noticed in the {where} at {when}."
        return f"Noticed again in the {plain(room(event.place))} at {self._clock(moment.t)}."

    def _late(self, day: int) -> str:
        """That silences are borne for longer, and why; empty where messages come in time."""
        late = self.state.lateness.on(day)
        if not late:
            return ""
        return (
            f"Messages of this home have come up to {late / 60:.0f} minutes late in the last week; "
            "silences are borne for so much longer."
        )

    def _considered(self, moment: Moment, *, raised: bool) -> list[str]:
        """What else staff should know of a silence, one sentence each."""
        late = self._late(moment.day)
        unseen = ""
        if raised and moment.t - self.state.last.exit > DOORS_HEARD:
            unseen = "No outer door has been heard in the last week: they may have gone out unseen."
        return [sentence for sentence in (late, unseen) if sentence]

    def _answer(self, moment: Moment, over: str = "") -> Assessment:
        """The answer; `over` says what has ended a silence that was told."""
        found, reason = (State.NORMAL, over) if over else self._found(moment)
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
            excluded=self._considered(moment, raised=raised) if judged else [],
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
        if state.missed:
            return state.why
        if away := home_context.elsewhere(self._profile.context, day):
            return away
        if unheard := self._unheard():
            return unheard
        if self._scope.alone and self._profile.people > 1:
            return "More than one person lives here; who moves hides who does not."
        return state.hindrance

    def _evidence(self, silence: float, moment: Moment) -> tuple[Evidence, float]:
        """The present silence beside the usual, and the score: a half where it becomes too long."""
        state, usual, allowed = self.state, 0.0, NEVER
        if state.context:
            usual = state.habits.usual(state.context, moment.day)
            allowed = self._limit(state.context, moment.day)
        today = point(state, self._scope.daily, moment.day, max(silence, state.longest))
        evidence = of_silence(state, self._words, silence, (usual, allowed), today)
        return evidence, round(silence / (silence + allowed), 4)

    def _clock(self, t: float | None) -> str:
        return "no time" if t is None else f"{datetime.fromtimestamp(t, self._zone):%H:%M}"
