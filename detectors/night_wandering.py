"""Up and about by night, in a way that is not this person's own; or gone out by an outer door.

What counts is walking from room to room: in one spell, and in a whole night of several. A visit to
the bathroom is some minutes of it, and tea in the kitchen hardly any. Both are set against the
longest of the person's own recent nights.
"""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec

from contract import Assessment, Condition, Evidence, Kind, SensorEvent, State, utc
from detectors import chart
from detectors.budgets import BUDGETS, budget
from detectors.features.leaving import Leaving
from detectors.features.places import EXITS, plain, room
from detectors.features.roaming import Roaming
from detectors.learned import LEARNED
from detectors.models.levels import LevelModel
from detectors.models.longest import MEMORY_DAYS, LongestSilences, SilencePrior, stretch
from detectors.models.usual import Prior
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

NIGHT_ENDS = 5
"""The night is from midnight to this hour: late evenings and early mornings are most people's."""
SPELL = SilencePrior(usual=12, days=7, least=15, most=90)
NIGHT = SilencePrior(usual=20, days=7, least=25, most=120)
"""Minutes on the move; beyond `most` it is told whatever is usual."""
RANK = 2
"""The second longest is what a long ordinary one is like: one odd night teaches little."""
DAILY, OPENINGS = Prior(level=6.0, dispersion=40.0), Prior(level=0.2, dispersion=0.5)
"""What is believed of a night's minutes, and of the openings of outer doors."""
ORDINARY_OUTINGS, ALIKE_HOURS, MORNING = 2, 2.0, 8
"""Who went out so often in the last weeks within so many hours of the clock does so, early workers
as well as doors that move by themselves; what happens until that hour of the morning tells so."""
MOST_OUTINGS = 20
REST = 2700.0
"""Seconds without a sign of life in the evening or night by which somebody has gone to rest; who is
still up from the evening is late, not wandering,"""
EVENING, LATE = 20, 2
"""so that rest counts from the first hour on, and from the second nobody is merely late."""
HALF = 0.5
LEARNING_DAYS = 5
BRIEF = 60.0
"""Seconds on the move that are not worth learning."""
ONE_OPENING = 60.0
"""Seconds within which a door that opens again opens once."""
FADE = 0.6
"""What a restless night keeps of its say in the next."""
CALM = 3600.0
"""Seconds without a sign of life in another room after which what was told is over."""
AGAIN = 1.5
"""What was told is told again when it has grown so many times."""
UNHEARD_DAYS = 7
DAY = 86_400.0
MOST_ROOMS = 20
"""A home has fewer; beyond it new places are taken for noise, so that memory stays bounded."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is."""
BED = "bedroom"
ABOUT, OUT = "about", "out"


class WanderingState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        roaming: The walking of the present night.
        leaving: The outer doors.
        spells, nights: The longest spells and nights, in minutes on the move.
        minutes, openings: What a night is usually like.
        points: The last nights.
        carried: Minutes that the restless nights before count for in this one.
        doors, opened: Openings of outer doors in the night so far, and the last of them.
        outings: When somebody went out at night or early and was not seen inside: day and hour.
        rooms: The last day on which motion was heard, by room.
        first_day: The day of the first event, as an ordinal.
        night_ends: When the night is over and the daily answer due.
        rested: Whether they have gone to rest since the evening.
        told: What stands: `about`, `out` or nothing.
        bar: Minutes of the night up to which nothing more is told.
        calm_at: When what stands is over.
    """

    roaming: Roaming = msgspec.field(default_factory=Roaming)
    leaving: Leaving = msgspec.field(default_factory=Leaving)
    spells: LongestSilences = msgspec.field(default_factory=LongestSilences)
    nights: LongestSilences = msgspec.field(default_factory=LongestSilences)
    minutes: LevelModel = msgspec.field(default_factory=LevelModel)
    openings: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []
    carried: float = 0.0
    doors: int = 0
    opened: float = float("-inf")
    outings: list[tuple[int, float]] = []
    rooms: dict[str, int] = {}
    first_day: int = 0
    night_ends: float = NEVER
    rested: bool = False
    told: str = ""
    bar: float = 0.0
    calm_at: float = NEVER


class NightWandering:
    """Watches the nights of one home."""

    condition: ClassVar[str] = Condition.NIGHT_WANDERING
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = WHERE

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._zone = ZoneInfo(profile.time_zone)
        caution = parameters.caution[self.condition]
        self._stretch = stretch(caution, budget(self.condition, profile), BUDGETS[self.condition])
        self._state = WanderingState()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in one sign of life, and answers where it is one too many or somebody is back."""
        state, t = self._state, moment.t
        if state.night_ends == NEVER:
            state.first_day = moment.day
            state.night_ends = self._calendar.at(moment.day + (moment.hour >= NIGHT_ENDS), 5)
        night = moment.hour < NIGHT_ENDS
        self._rest(moment)
        outer = event.place in EXITS
        opens = outer and event.kind == Kind.OPENING and event.value == 1
        if opens and night and t - state.opened > ONE_OPENING:
            state.doors, state.opened = state.doors + 1, t
        wakes = night and (state.rested or moment.hour >= LATE)
        leaves = opens and (wakes or NIGHT_ENDS <= moment.hour < MORNING)
        state.leaving.notice(t, event.place, opens=leaves)
        where = room(event.place)
        if event.kind == Kind.MOTION and (where in state.rooms or len(state.rooms) < MOST_ROOMS):
            state.rooms[where] = moment.day
        if outer:
            return []
        if state.told == OUT and not state.leaving.last.perhaps_out:
            return self._over(moment)
        return self._walk(moment, where, 1.0 if wakes else HALF) if night else []

    def due(self) -> float:
        """The end of the night, or of calm, or when somebody has been out for too long."""
        return min(self._state.night_ends, self._state.calm_at, self._state.leaving.due)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers when somebody is out or has come to rest, and at the end of each night."""
        state, answers = self._state, []
        if moment.t >= state.leaving.due:
            answers += self._gone(moment)
        if moment.t >= state.calm_at:
            answers += self._over(moment)
        if moment.t >= state.night_ends:
            answers.append(self._end_night(moment))
        return answers

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        self._state = thaw(snapshot, WanderingState)

    def _rest(self, moment: Moment) -> None:
        """Whether they rested before this sign of life."""
        state, last = self._state, self._state.leaving.last.t
        if last is None or NIGHT_ENDS <= moment.hour < EVENING:
            return
        evening = self._calendar.at(moment.day - (moment.hour < NIGHT_ENDS), EVENING)
        in_bed = room(state.leaving.last.place) == BED or BED not in state.rooms
        if in_bed and not state.leaving.last.perhaps_out:
            state.rested = state.rested or moment.t - max(last, evening) >= REST

    def _walk(self, moment: Moment, where: str, weight: float) -> list[Assessment]:
        state, roaming = self._state, self._state.roaming
        elsewhere = roaming.room != where
        if over := roaming.step(moment.t, where, weight):
            self._learn(state.spells, over, SPELL, moment.day)
        if not elsewhere:
            return []
        if state.told == ABOUT:
            state.calm_at = moment.t + CALM
        night = roaming.night / 60 + state.carried
        if roaming.night / 60 < SPELL.least or night < state.bar:
            return []
        spell = roaming.spell / 60
        if not state.bar and (
            spell < self._limit(state.spells, SPELL, moment.day)
            and night < self._limit(state.nights, NIGHT, moment.day)
        ):
            return []
        state.bar = AGAIN * night
        if self._why_not(moment):
            return []
        state.told = state.told or ABOUT
        state.calm_at = moment.t + CALM
        return [self._answer(moment)]

    def _limit(self, longest: LongestSilences, prior: SilencePrior, day: int) -> float:
        """Minutes on the move from which on it is not the person's own way."""
        return min(max(self._stretch * self._long(longest, prior, day), prior.least), prior.most)

    def _long(self, longest: LongestSilences, prior: SilencePrior, day: int) -> float:
        return longest.long(RANK, day - self._state.first_day, day, prior)

    def _learn(
        self, longest: LongestSilences, seconds: float, prior: SilencePrior, day: int
    ) -> None:
        """What was out of the ordinary moves what is ordinary, but not at one go."""
        if seconds >= BRIEF:
            longest.learn_one(min(seconds / 60, self._limit(longest, prior, day)), day)

    def _gone(self, moment: Moment) -> list[Assessment]:
        """Somebody opened an outer door and has not been seen inside."""
        state = self._state
        state.leaving.due = NEVER
        opened = self._calendar.moment(state.leaving.opened)
        ordinary = self._ordinary(opened)
        state.outings = [*state.outings, (opened.day, round(opened.hour, 2))][-MOST_OUTINGS:]
        if ordinary or not state.leaving.up or opened.hour >= NIGHT_ENDS or self._why_not(moment):
            return []
        state.told, state.calm_at = OUT, NEVER
        return [self._answer(moment)]

    def _ordinary(self, opened: Moment) -> bool:
        """Whether somebody has gone out at such an hour before."""
        alike = [
            day
            for day, hour in self._state.outings
            if opened.day - day <= MEMORY_DAYS and abs(hour - opened.hour) <= ALIKE_HOURS
        ]
        return len(alike) >= ORDINARY_OUTINGS

    def _over(self, moment: Moment) -> list[Assessment]:
        state = self._state
        state.told, state.calm_at = "", NEVER
        return [self._answer(moment)]

    def _end_night(self, moment: Moment) -> Assessment:
        """Learns the night, answers for it, and begins the next."""
        state, roaming = self._state, self._state.roaming
        minutes = roaming.night / 60
        chart.keep(state.points, self._point(moment.day, minutes))
        self._learn(state.spells, roaming.spell, SPELL, moment.day)
        self._learn(state.nights, roaming.night, NIGHT, moment.day)
        restless = max(minutes - state.minutes.band(DAILY).high, 0.0)
        state.carried = FADE * (state.carried + restless)
        state.minutes.learn_one(minutes, DAILY)
        state.openings.learn_one(state.doors, OPENINGS)
        if state.told == ABOUT:
            state.told, state.calm_at = "", NEVER
        answer = self._answer(moment)
        state.night_ends = self._calendar.at(moment.day + 1, NIGHT_ENDS)
        roaming.end()
        state.doors, state.bar, state.rested = 0, 0.0, False
        return answer

    def _why_not(self, moment: Moment) -> str:
        """Why nothing is raised; empty where it may be."""
        days = moment.day - self._state.first_day
        if why := self._why_blind(moment):
            return why
        if days < LEARNING_DAYS:
            return f"Learning what is usual: day {days + 1} of {LEARNING_DAYS}."
        return ""

    def _why_blind(self, moment: Moment) -> str:
        state = self._state
        heard = sum(moment.day - day <= UNHEARD_DAYS for day in state.rooms.values())
        if heard < 2:  # noqa: PLR2004 - from one room to another
            return "Motion is heard in fewer than two rooms."
        last = state.leaving.last.t
        if last is not None and moment.t - last > DAY:
            return "Nobody has been seen at home for a day."
        return ""

    def _answer(self, moment: Moment) -> Assessment:
        state, why = self._state, self._why_not(moment)
        found = State.NORMAL
        if state.told:
            found, why = State.RAISED, ""
        elif why:
            found = State.BLIND if self._why_blind(moment) else State.LEARNING
        judged = not why
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=self._score(moment) if judged else 0.0,
            evidence=self._evidence(moment) if judged else [],
            reason=why,
            text=why or self._text(),
            prompt=_PROMPTS[state.told],
        )

    def _text(self) -> str:
        state = self._state
        if state.told == OUT:
            return (
                f"An outer door was opened at {self._clock(state.leaving.opened)}, "
                "and nobody has been seen inside since."
            )
        if state.told == ABOUT:
            return (
                f"Up and about for {state.roaming.night / 60:.0f} minutes this night{self._in()}."
            )
        return "The nights are as usual."

    def _in(self) -> str:
        roaming = self._state.roaming
        rooms = ", ".join(plain(one) for one in sorted(roaming.rooms))
        return f", the last time since {self._clock(roaming.began)}; seen in {rooms}"

    def _score(self, moment: Moment) -> float:
        """A half where the minutes of the spell or of the night reach their limit."""
        state = self._state
        if state.told == OUT:
            return 1.0
        parts = (
            (state.roaming.spell, state.spells, SPELL),
            (state.roaming.night + 60 * state.carried, state.nights, NIGHT),
        )
        shares = (
            minutes / (minutes + self._limit(longest, prior, moment.day))
            for minutes, longest, prior in ((s / 60, longest, prior) for s, longest, prior in parts)
        )
        return round(max(shares), 4)

    def _evidence(self, moment: Moment) -> list[Evidence]:
        doors = self._of_doors()
        return (
            [doors, self._of_minutes(moment)]
            if self._state.told == OUT
            else [
                self._of_minutes(moment),
                doors,
            ]
        )

    def _of_minutes(self, moment: Moment) -> Evidence:
        state = self._state
        minutes = state.roaming.night / 60
        usual = max(state.minutes.band(DAILY).usual, 0.0)
        limit = self._limit(state.nights, NIGHT, moment.day)
        days = state.points
        if state.told:
            days = [*days[1 - chart.CHART_DAYS :], self._point(moment.day, minutes)]
        return Evidence(
            measure="minutes_about_night",
            label=f"Minutes on the move at night (00 to {NIGHT_ENDS:02})",
            unit="minutes",
            value=round(minutes, 1),
            usual=round(usual, 1),
            low=0.0,
            high=round(limit, 1),
            share=0.0 if state.told == OUT else 1.0,
            days=chart.days(days),
            text=(
                f"{minutes:.0f} minutes on the move in {len(state.roaming.rooms)} rooms; "
                f"usually {usual:.0f}, and up to {limit:.0f} would be this person's own way."
            ),
        )

    def _of_doors(self) -> Evidence:
        state = self._state
        usual = max(state.openings.band(OPENINGS).usual, 0.0)
        return Evidence(
            measure="door_openings_night",
            label=f"Openings of outer doors at night (00 to {NIGHT_ENDS:02})",
            unit="openings",
            value=float(state.doors),
            usual=round(usual, 2),
            share=1.0 if state.told == OUT else 0.0,
            text=(
                f"Outer doors were opened {state.doors} times this night; "
                f"usually {chart.number(usual)}."
            ),
        )

    def _point(self, day: int, minutes: float) -> chart.Point:
        usual, low, high = self._state.minutes.band(DAILY)
        return chart.Point(day, minutes, max(usual, 0.0), max(low, 0.0), max(high, 0.0))

    def _clock(self, t: float) -> str:
        return f"{datetime.fromtimestamp(t, self._zone):%H:%M}"


_PROMPTS = {
    "": "",
    ABOUT: "Call the person; ask what they need, and suggest going back to bed.",
    OUT: "Call the person now; if there is no answer, send someone to look for them.",
}
