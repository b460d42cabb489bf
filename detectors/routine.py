"""A daily routine judged against itself: measures of night and day, and whether they have changed.

The night is judged at 06:00 and the day at midnight, so that staff hear of a bad night at
breakfast. A detector tells what happened; the routine keeps what is usual, how much of the day
the person was there to be seen, and what speaks for a change.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec

from contract import Assessment, Evidence, SensorEvent, State, utc
from detectors import chart, hindrances, home_context
from detectors.budgets import Allowance
from detectors.features.bustle import Bustle
from detectors.features.journeys import Journeys
from detectors.features.others import MEASURES, Others
from detectors.features.presence import Absence, Presence
from detectors.features.visits import Visits
from detectors.features.voices import Voices
from detectors.kinds import MOTION
from detectors.models.change import ShiryaevRoberts, score, threshold
from detectors.models.usual import Prior
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters, Usual
from detectors.plan import LEAST_SEEN, Plan
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Lot
from detectors.snapshots import freeze, thaw
from detectors.stream import Part, Stream, Track

MORNING = 6.0
MORNING_S = MORNING * 3600
NIGHT_SHARE = 0.25
"""Of the chance that a change begins on some day, what falls to its night."""
WARM_UP_DAYS = 5
BOLDEST = 5.0
"""The most that one night or day may say, as a log likelihood ratio."""
CLEARS = 0.8
"""An alert clears when the statistic has come down to this share of the limit."""
CEILING = 1.1
"""The statistic stops at so many times the limit, so that an alert clears soon after recovery."""
LONGEST_DAYS = 5
"""After so long an alert has been told; what goes on needs evidence of its own to be told again."""
WAS_USUAL_KEEPS = 0.3
"""Of the weight of what was usual, once a change has lasted: the new routine is soon the usual."""
ABSENCE_KEEPS = 0.3
"""Of the evidence, over a day on which nobody was seen: who comes home begins anew."""
LEAST_EXPOSURE = 0.5
"""However little was seen of a part of a day, no less is expected than of so much of it."""
DAY_S = 86_400.0


class RoutineState(msgspec.Struct):
    """All that a routine has learned; its form is the snapshot's.

    Attributes:
        tracks: One for each stream.
        visits, boils, journeys: Tell these apart, for conditions that are about them.
        presence: How much of the present part of the day could be seen.
        bustle: Activity in the other rooms.
        others: Whether the person is alone.
        voices: The sensors on which the measures hang.
        stretch: The last stretch of a night in which anything stirred.
        missing: Those that said nothing on the last day that was lived in.
        change: What speaks for a change.
        first_day: The day of the first event, as an ordinal.
        due: When the present part of the day ends.
        raised_at: Since when an alert is open.
        hindrance: Why the last day, or the night since, could not be judged.
        aside: The parts of recent days that were not counted, and why.
    """

    tracks: list[Track]
    visits: Visits = msgspec.field(default_factory=Visits)
    boils: Visits = msgspec.field(default_factory=Visits)
    journeys: Journeys = msgspec.field(default_factory=Journeys)
    presence: Presence = msgspec.field(default_factory=Presence)
    bustle: Bustle = msgspec.field(default_factory=Bustle)
    others: Others = msgspec.field(default_factory=Others)
    voices: Voices = msgspec.field(default_factory=Voices)
    stretch: int = -1
    missing: tuple[str, ...] = ()
    change: ShiryaevRoberts = msgspec.field(default_factory=ShiryaevRoberts)
    first_day: int = 0
    due: float = NEVER
    raised_at: float | None = None
    hindrance: str = ""
    aside: list[hindrances.SetAside] = []


class RoutineWatch(ABC):
    """The measures of one condition of one home."""

    condition: ClassVar[str]
    version: ClassVar[int]
    kinds: ClassVar[frozenset[str]]

    def __init__(self, plan: Plan, profile: HomeProfile, parameters: Parameters) -> None:
        condition = self.condition
        self._plan = plan
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        steepness = parameters.steepness.get(condition, 1.0)
        self._allowance = Allowance(condition, profile, steepness)
        self._context = profile.context
        self._caution = parameters.caution[condition]
        self._limit = NEVER  # of the present day, found whenever it judges
        usual = parameters.usual
        self._priors = [Prior(*usual[stream.measure]) for stream in plan.streams]
        self._elsewhere = tuple(
            Prior(*usual[name], lag=0) for name in ("elsewhere_day", "elsewhere_night")
        )
        self._alone = tuple(Prior(*usual[name], lag=0) for name in MEASURES)
        self.state = RoutineState(tracks=[Track() for _ in plan.streams])

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Tells the watch what happened; it answers when a part of the day has ended."""
        self.observe_all([(event, moment)])
        return []

    def observe_all(self, lot: Lot) -> None:
        """Tells it of several things that happened, in their order."""
        if lot and self.state.due == NEVER:
            _, first = lot[0]
            self.state.first_day, self.state.due = first.day, self._next_due(first)
        self._sign(lot)
        self.notice(lot)

    @abstractmethod
    def notice(self, lot: Lot) -> None:
        """Counts what this condition is about."""

    def due(self) -> float:
        """06:00 and midnight, from the first event on."""
        return self.state.due

    def add(self, stream: int, amount: float = 1.0) -> None:
        """What the stream of that number watches has happened."""
        self.state.tracks[stream].add(amount)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Ends the night or the day that is due, and answers."""
        state = self.state
        ended = self._calendar.moment(state.due)
        night = ended.second > 0
        day = ended.day if night else ended.day - 1
        self._limit = threshold(self._allowance.on(day), self._caution)
        if self._allowance.blind:
            state.first_day = day  # learning begins when it can be told of again
        if night and home_context.anew(self._context, day):
            self._learn_anew(day)
        absence = state.presence.close(moment.t, night=night)
        hindrance = self._hindrance(day, night, absence)
        self._end_part(day, night, absence, hindered=bool(hindrance))
        if absence.unseen > 1 - self._plan.least_seen:
            state.change.fade(ABSENCE_KEEPS ** (NIGHT_SHARE if night else 1 - NIGHT_SHARE))
        if hindrance or not night:  # a night that could be seen makes no judgement of a day
            state.hindrance = hindrance or self._why_blind()
        if hindrance:
            hindrances.keep(state.aside, day, hindrance)
        state.due = self._next_due(moment)
        learning = day - state.first_day < WARM_UP_DAYS
        self._settle(moment.t, may_raise=not (learning or hindrance))
        return [self._answer(moment, day, learning=learning)]

    def usual(self) -> Iterator[tuple[str, Usual]]:
        """What is usual here, by measure, of all that has been measured."""
        for stream, prior, track in self._streams():
            model = track.count or track.level
            if model is not None:
                yield stream.measure, Usual(model.level(prior), model.dispersion(prior))
        names = ("elsewhere_day", "elsewhere_night", *MEASURES)
        priors = (*self._elsewhere, *self._alone)
        counts = (*self.state.bustle.usual, *self.state.others.usual)
        for name, prior, count in zip(names, priors, counts, strict=True):
            yield name, Usual(count.level(prior), count.dispersion(prior))

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self.state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        state = thaw(snapshot, RoutineState)
        if len(state.tracks) != len(self._plan.streams):
            raise ValueError(
                f"a snapshot of {len(state.tracks)} measures, not of these; learn anew"
            )
        self.state = state

    def _sign(self, lot: Lot) -> None:
        """Someone did something, anywhere in the home."""
        state, places, here = self.state, self._plan.heard_at, self._plan.here
        state.presence.sign_all(lot)
        state.bustle.stir_all([moment.t for event, moment in lot if event.place not in here])
        motion = [one for one in lot if one[0].kind == MOTION]
        state.others.hear_all(motion, here, MORNING_S)
        heard = [one for one in lot if one[0].place in places] if places else motion
        for event, moment in heard:
            state.voices.hear(event.sensor, moment.t)

    def _streams(self) -> Iterator[tuple[Stream, Prior, Track]]:
        return zip(self._plan.streams, self._priors, self.state.tracks, strict=True)

    def _next_due(self, moment: Moment) -> float:
        six = self._calendar.at(moment.day, MORNING)
        return six if six > moment.t else self._calendar.at(moment.day, 24)

    def _hindrance(self, day: int, night: bool, absence: Absence) -> str:
        """Why this part of the day says nothing about the person's routine; empty if it does."""
        known = home_context.not_whole(self._context, day)
        if self._allowance.blind or known:
            return self._allowance.blind or known
        if day == self.state.first_day:
            return "The first day is not a whole one."
        part = "night" if night else "day"
        if found := hindrances.unseen(absence, self._plan.least_seen, part):
            return found
        if not night:
            self._end_voices(day)
        missing = hindrances.unheard(self.state.missing)
        return missing or self._others(day, night, absence)

    def _others(self, day: int, night: bool, absence: Absence) -> str:
        """Says so where others stir; who stays for good becomes part of what is usual."""
        state = self.state
        if day - state.first_day < WARM_UP_DAYS:
            return ""
        seen = 1 - absence.unseen
        elsewhere = state.bustle.surprise(night, seen, self._elsewhere[night])
        found = state.others.there(elsewhere, seen, self._alone, night=night)
        if state.others.company.lives_here:
            self._learn_anew(day)
        return hindrances.OTHERS if found else ""

    def _end_voices(self, day: int) -> None:
        """Notes who was not heard; one that is given up for good changes what is measured."""
        state, known = self.state, set(self.state.voices.known)
        missing = state.missing
        state.missing = state.voices.end_day()
        if set(missing) & (known - set(state.voices.known)):
            self._learn_anew(day)

    def _why_blind(self) -> str:
        """Why nothing can be said of the person, though the day could be seen."""
        known = [(stream, prior, one) for stream, prior, one in self._streams() if one.known]
        counts = [(stream.effects, prior, one.count) for stream, prior, one in known if one.count]
        silent = hindrances.lost([track.silence for _, _, track in known])
        if silent or len(counts) < len(known) or not counts:
            return silent
        return hindrances.too_little(counts, self._limit)

    def _learn_anew(self, day: int) -> None:
        """Somebody has moved in or out: what was usual counts no more."""
        for track in self.state.tracks:
            track.forget()
        self.state.bustle.usual, self.state.others = Bustle().usual, Others()
        self.state.change.forget()
        self.state.raised_at = None
        self.state.first_day = day

    def _stir(self, night: bool, absence: Absence) -> float:
        """Activity in the other rooms as a multiple of the usual."""
        return self.state.bustle.multiple(night, 1 - absence.unseen, self._elsewhere[night])

    def _end_part(self, day: int, night: bool, absence: Absence, *, hindered: bool) -> None:
        plan, seen = self._plan, 1 - absence.unseen
        exposure = max(seen, LEAST_EXPOSURE) ** plan.at_home
        if not night:
            exposure *= min(max(self._stir(night, absence), 1 / 3), 3.0) ** plan.coupling
        part = Part(day, exposure, hindered)
        found = [
            track.end(stream, prior, part)
            for stream, prior, track in self._streams()
            if stream.night == night
        ]
        learn = seen >= LEAST_SEEN and not self.state.others.company.days
        self.state.bustle.end(night, seen, self._elsewhere[night], learn=learn)
        self.state.others.end(seen, self._alone, night=night, learn=learn)
        # While it learns, days differ from what is believed because people do.
        learning = day - self.state.first_day < WARM_UP_DAYS
        if found and not (hindered or learning):
            ratios = [_together(of_form) for of_form in zip(*found, strict=True)]
            share = NIGHT_SHARE if night else 1 - NIGHT_SHARE
            self.state.change.learn_one(ratios, share, CEILING * self._limit)

    def _settle(self, t: float, *, may_raise: bool) -> None:
        """Opens an alert, or clears it."""
        state, statistic = self.state, self.state.change.statistic
        if state.raised_at is None:
            if may_raise and statistic >= self._limit:
                state.raised_at = t
        elif statistic < CLEARS * self._limit or t - state.raised_at > LONGEST_DAYS * DAY_S:
            if statistic >= CLEARS * self._limit:
                for track in state.tracks:
                    track.doubt(WAS_USUAL_KEEPS)
            state.raised_at = None
            state.change.forget()  # another alert needs evidence of its own

    def _answer(self, moment: Moment, day: int, *, learning: bool) -> Assessment:
        found, reason = self._found(day, learning=learning)
        words, raised = self._plan.words, found is State.RAISED
        judged = raised or found is State.NORMAL
        answer = Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=round(score(self.state.change.statistic, self._limit), 4) if judged else 0.0,
            evidence=self._evidence() if judged else [],
            excluded=hindrances.told(self.state.aside, day) if judged else [],
            reason=reason,
            text=words.raised if raised else reason or words.normal,
            prompt=words.prompt if raised else "",
        )
        return self._allowance.told(answer, day)

    def _found(self, day: int, *, learning: bool) -> tuple[State, str]:
        """The answer and, where it is none, why."""
        state = self.state
        if state.raised_at is not None:
            return State.RAISED, ""
        if learning:
            days = day - state.first_day + 1
            return State.LEARNING, f"Learning what is usual: day {days} of {WARM_UP_DAYS}."
        if not any(track.known for track in state.tracks):
            return State.BLIND, "No sensor here tells of this."
        if state.hindrance:
            return State.BLIND, state.hindrance
        return State.NORMAL, ""

    def _evidence(self) -> list[Evidence]:
        """A chart for each stream, what spoke most for a change first."""
        known = [(stream, track) for stream, _, track in self._streams() if track.points]
        known.sort(key=lambda pair: -pair[1].weight)
        total = sum(track.weight for _, track in known)
        return [
            chart.evidence(
                track.points,
                measure=stream.measure,
                label=stream.label,
                unit=stream.unit,
                share=round(track.weight / total, 3) if total else None,
            )
            for stream, track in known
        ]


def _together(ratios: Sequence[float | None]) -> float | None:
    """What all streams say of one form of the illness; None where none says anything."""
    said = [ratio for ratio in ratios if ratio is not None]
    return min(max(sum(said), -BOLDEST), BOLDEST) if said else None
