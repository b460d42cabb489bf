"""A daily routine judged against itself: measures of night and day, and whether they have changed.

The night is judged at 06:00 and the day at midnight, so that staff hear of a bad night at breakfast.
A detector tells what happened; the routine keeps what is usual, how much of the day the person was
there to be seen, and what speaks for a change.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from contract import Assessment, Evidence, State, utc
from detectors import chart
from detectors.features.journeys import Journeys
from detectors.features.presence import Absence, Presence
from detectors.features.visits import Visits
from detectors.models.change import ShiryaevRoberts, score, threshold
from detectors.models.counts import CountModel, CountPrior
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw
from detectors.stream import Stream, Track, judge

MORNING = 6.0
MORNING_S = MORNING * 3600
SLOT = 300.0
"""Activity elsewhere is counted in stretches of five minutes."""
NIGHT_SHARE = 0.25
"""Of the chance that a change begins on some day, what falls to its night."""
WARM_UP_DAYS = 5
LEAST_SEEN = 0.5
"""A part of a day of which less than this could be seen is not judged."""
VISITORS = 1.8
"""With so many times the usual activity elsewhere it is not one person's routine that one sees."""
CLEARS = 0.1
"""An alert clears when the statistic has come down to this share of the limit."""
CEILING = 5.0
"""The statistic stops at so many times the limit, so that it comes down within days of recovery."""
LONGEST_DAYS = 21
"""A change that has lasted so long is the new usual."""
DAY_S = 86_400.0


class Words(NamedTuple):
    """What a condition says to staff."""

    raised: str
    normal: str
    prompt: str


class Tuning(NamedTuple):
    """What was learned on development homes and then frozen.

    Attributes:
        budget: False alerts per person-month where the centre does not say.
        ease: See :func:`detectors.models.change.threshold`.
        boldness: The most that one judgement may say, as a log likelihood ratio.
        coupling: Power with which activity elsewhere in the home moves what is expected.
        elsewhere: Prior of that activity in five-minute stretches, by day and by night.
    """

    budget: float
    ease: float
    boldness: float
    coupling: float
    elsewhere: tuple[CountPrior, CountPrior]


class RoutineState(msgspec.Struct):
    """All that a routine has learned; its form is the snapshot's.

    Attributes:
        tracks: One for each stream.
        visits: Tells visits apart, for what is counted by visits.
        elsewhere: Usual activity in the other rooms, by day and by night.
        slot, active: The last active stretch of time elsewhere, and how many there were in this part.
        first_day: The day of the first event, as an ordinal.
        due: When the present part of the day ends.
        raised_at: Since when an alert is open.
        hindrance: Why the last whole day could not be judged.
    """

    tracks: list[Track]
    visits: Visits = msgspec.field(default_factory=Visits)
    journeys: Journeys = msgspec.field(default_factory=Journeys)
    presence: Presence = msgspec.field(default_factory=Presence)
    change: ShiryaevRoberts = msgspec.field(default_factory=ShiryaevRoberts)
    elsewhere: list[CountModel] = msgspec.field(
        default_factory=lambda: [CountModel(), CountModel()]
    )
    slot: int = -1
    active: int = 0
    first_day: int = 0
    due: float = NEVER
    raised_at: float | None = None
    hindrance: str = ""


class Routine:
    """The measures of one condition of one home."""

    def __init__(
        self,
        condition: str,
        profile: HomeProfile,
        streams: Sequence[Stream],
        words: Words,
        tuning: Tuning,
    ) -> None:
        self._condition = condition
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._streams = streams
        self._words = words
        self._tuning = tuning
        self._limit = threshold(profile.budget.get(condition, tuning.budget), tuning.ease)
        self.state = RoutineState(tracks=[Track() for _ in streams])

    def sign(self, moment: Moment, *, at_exit: bool) -> None:
        """Someone did something, anywhere in the home."""
        state = self.state
        if state.due == NEVER:
            state.first_day = moment.day
            state.due = self._next_due(moment)
        state.presence.sign(moment.t, at_exit=at_exit)

    def busy(self, t: float) -> None:
        """Something stirred in a room that the streams do not watch."""
        slot = int(t // SLOT)
        if slot != self.state.slot:
            self.state.slot = slot
            self.state.active += 1

    def add(self, stream: int, amount: float = 1.0) -> None:
        """What the stream of that number watches has happened."""
        self.state.tracks[stream].add(amount)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Ends the night or the day that is due, and answers."""
        state = self.state
        ended = self._calendar.moment(state.due)
        night = ended.second > 0
        day = ended.day if night else ended.day - 1
        absence = state.presence.close(moment.t, night=night)
        hindrance = self._hindrance(day, night, absence)
        self._judge_streams(day, night, absence, hindered=bool(hindrance))
        self._learn_elsewhere(night, absence)
        if not night:
            state.hindrance = hindrance or self._silent_sensors()
        state.due = self._next_due(moment)
        learning = day - state.first_day < WARM_UP_DAYS
        self._settle(moment.t, may_raise=not (learning or hindrance))
        return [self._answer(moment, day, learning=learning)]

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self.state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        state = thaw(snapshot, RoutineState)
        if len(state.tracks) != len(self._streams):
            raise ValueError(f"a snapshot of {len(state.tracks)} streams, not of these; learn anew")
        self.state = state

    def _next_due(self, moment: Moment) -> float:
        six = self._calendar.at(moment.day, MORNING)
        return six if six > moment.t else self._calendar.at(moment.day, 24)

    def _hindrance(self, day: int, night: bool, absence: Absence) -> str:
        """Why this part of the day says nothing about the person's routine; empty if it does."""
        part = "night" if night else "day"
        if day == self.state.first_day:
            return "The first day is not a whole one."
        if absence.unseen > 1 - LEAST_SEEN:
            if absence.out > absence.unseen / 2:
                return f"Out of the home for {absence.out:.0%} of the {part}."
            return f"Nobody was seen for {absence.unseen:.0%} of the {part}."
        known = day - self.state.first_day >= WARM_UP_DAYS
        if known and not night and self._activity(night, absence) > VISITORS:
            return f"Far more movement than usual in the other rooms by {part}; perhaps visitors."
        return ""

    def _silent_sensors(self) -> str:
        for stream, track in zip(self._streams, self.state.tracks, strict=True):
            if track.lost:
                return f"{stream.label}: nothing at all; the sensor may be lost."
        return ""

    def _activity(self, night: bool, absence: Absence) -> float:
        """Activity in the other rooms as a multiple of the usual; near 1 where little is usual."""
        usual = self.state.elsewhere[night].level(self._tuning.elsewhere[night])
        return (self.state.active + 3.0) / (usual * (1 - absence.unseen) + 3.0)

    def _learn_elsewhere(self, night: bool, absence: Absence) -> None:
        if absence.unseen <= 1 - LEAST_SEEN:
            prior = self._tuning.elsewhere[night]
            self.state.elsewhere[night].learn_one(self.state.active, 1 - absence.unseen, prior)
        self.state.active = 0

    def _judge_streams(self, day: int, night: bool, absence: Absence, *, hindered: bool) -> None:
        bustle = min(max(self._activity(night, absence), 0.3), 3.0) ** self._tuning.coupling
        exposure = max((1 - absence.unseen) * bustle, 0.05)
        found = [
            judge(stream, track, day, exposure, hindered=hindered)
            for stream, track in zip(self._streams, self.state.tracks, strict=True)
            if stream.night == night
        ]
        if hindered or not found:
            return
        bold = self._tuning.boldness
        ratios = [min(max(sum(of_all), -bold), bold) for of_all in zip(*found, strict=True)]
        share = NIGHT_SHARE if night else 1 - NIGHT_SHARE
        self.state.change.learn_one(ratios, share, CEILING * self._limit)

    def _settle(self, t: float, *, may_raise: bool) -> None:
        """Opens an alert, or clears it."""
        state, statistic = self.state, self.state.change.statistic
        if state.raised_at is None:
            if may_raise and statistic >= self._limit:
                state.raised_at = t
        elif statistic < CLEARS * self._limit or t - state.raised_at > LONGEST_DAYS * DAY_S:
            state.raised_at = None
            state.change.forget()

    def _answer(self, moment: Moment, day: int, *, learning: bool) -> Assessment:
        state = self.state
        found, text, reason, prompt = State.NORMAL, self._words.normal, "", ""
        if state.raised_at is not None:
            found, text, prompt = State.RAISED, self._words.raised, self._words.prompt
        elif learning:
            found = State.LEARNING
            text = reason = (
                f"Learning what is usual: day {day - state.first_day + 1} of {WARM_UP_DAYS}."
            )
        elif not any(track.model for track in state.tracks):
            found = State.BLIND
            text = reason = "No sensor here tells of this."
        elif state.hindrance:
            found, text, reason = State.BLIND, state.hindrance, state.hindrance
        judged = found in {State.NORMAL, State.RAISED}
        return Assessment(
            home=self._home,
            condition=self._condition,
            at=utc(moment.t),
            state=found,
            score=round(score(state.change.statistic, self._limit), 4) if judged else 0.0,
            evidence=self._evidence() if judged else [],
            reason=reason,
            text=text,
            prompt=prompt,
        )

    def _evidence(self) -> list[Evidence]:
        """A chart for each stream, what spoke most for a change first."""
        known = [
            (track, stream)
            for stream, track in zip(self._streams, self.state.tracks, strict=True)
            if track.points
        ]
        total = sum(track.weight for track, _ in known)
        return [
            chart.evidence(
                track.points,
                measure=stream.measure,
                label=stream.label,
                unit=stream.unit,
                share=round(track.weight / total, 3) if total else None,
            )
            for track, stream in sorted(known, key=lambda pair: -pair[0].weight)
        ]
