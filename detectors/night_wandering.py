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
from detectors import home_context
from detectors.budgets import BUDGETS, Allowance
from detectors.features.leaving import Leaving
from detectors.features.nights import SPELL, Nights, Since
from detectors.features.places import EXITS, plain, room
from detectors.features.roaming import Roaming
from detectors.kinds import MOTION, OPENING
from detectors.learned import LEARNED
from detectors.models.levels import LevelModel
from detectors.models.longest import stretch
from detectors.models.usual import Prior
from detectors.moment import Calendar, Moment
from detectors.night_evidence import NIGHT_ENDS, of_doors, of_night, of_spell
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

MORNING = 8
"""Who leaves home until this hour tells when leaving is ordinary here."""
EVENING, REST = 20, 2700.0
"""From this hour on, so many seconds without a sign of life after one in the bedroom are a rest."""
LATE, HALF = 2, 0.5
"""Until this hour, who has not rested yet is late rather than restless, and walking counts half."""
OPENINGS = Prior(level=0.2, dispersion=0.5)
"""What is believed of the openings of outer doors in a night."""
ONE_OPENING = 60.0
"""Seconds within which a door that opens again opens once."""
LEARNING_DAYS = 5
CALM = 3600.0
"""Seconds without a sign of life in another room after which what was told is over."""
AGAIN = 1.5
"""What was told is told again when it has grown so many times."""
UNHEARD_DAYS, FEWEST_ROOMS, MOST_ROOMS = 7, 2, 20
"""A room without motion for so many days is not watched; it takes two to walk from one to another;
beyond the most new places are taken for noise, so that memory stays bounded."""
HOUR, DAY = 3600.0, 86_400.0
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is."""
BED = "bedroom"
ABOUT, OUT = "about", "out"
PROMPTS = {
    "": "",
    ABOUT: "Call the person; ask what they need, and suggest going back to bed.",
    OUT: "Call the person now; if there is no answer, send someone to look for them.",
}


class WanderingState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's.

    Attributes:
        roaming: The walking of the present night.
        nights: What is usual.
        leaving: The outer doors.
        doors, opened: Openings of outer doors in the night so far, and the last of them.
        openings: How many are usual.
        rooms: The last day on which motion was heard, by room.
        first_day: The day of the first event, as an ordinal.
        night_ends: When the night is over and the daily answer due.
        rested: Whether they have gone to rest since the evening.
        told: What stands: `about`, `out` or nothing.
        bar: Minutes of the night up to which nothing more is told.
        calm_at: When what stands is over.
    """

    roaming: Roaming = msgspec.field(default_factory=Roaming)
    nights: Nights = msgspec.field(default_factory=Nights)
    leaving: Leaving = msgspec.field(default_factory=Leaving)
    doors: int = 0
    opened: float = float("-inf")
    openings: LevelModel = msgspec.field(default_factory=LevelModel)
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
        self._context = profile.context
        self._caution = parameters.caution[self.condition]
        steepness = parameters.steepness.get(self.condition, 1.0)
        self._allowance = Allowance(self.condition, profile, steepness)
        self._state = WanderingState()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in one sign of life, and answers where it is one too many or somebody is back."""
        state = self._state
        answers: list[Assessment] = []
        if state.night_ends == NEVER:
            state.first_day = moment.day
            state.night_ends = self._calendar.at(
                moment.day + (moment.hour >= NIGHT_ENDS), NIGHT_ENDS
            )
            answers.append(self._answer(moment))
        hour = moment.second / HOUR
        night = hour < NIGHT_ENDS
        if night or hour >= EVENING:
            self._rest(moment)
        awoken = night and (state.rested or hour >= LATE)
        self._door(event, moment, awoken or NIGHT_ENDS <= hour < MORNING)
        if event.place in EXITS:
            return answers
        where = room(event.place)
        if event.kind == MOTION and (where in state.rooms or len(state.rooms) < MOST_ROOMS):
            state.rooms[where] = moment.day
        if state.told == OUT and not state.leaving.last.perhaps_out:
            answers.append(self._over(moment))
        elif night:
            answers += self._walk(moment, where, 1.0 if awoken else HALF)
        return answers

    def leapt(self, by: float, moment: Moment) -> None:  # noqa: ARG002 - as others need it
        """The clock was set ahead: nobody has been out, or quiet, for longer than before."""
        self._state.leaving.leapt(by)
        self._state.calm_at += by

    def due(self) -> float:
        """The end of the night, or of calm, or when somebody has been out for too long."""
        state = self._state
        return min(state.night_ends, state.calm_at, state.leaving.due)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers when somebody is out or has come to rest, and at the end of each night."""
        state, answers = self._state, []
        if moment.t >= state.leaving.due:
            answers += self._gone(moment)
        if moment.t >= state.calm_at:
            answers.append(self._over(moment))
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

    def _since(self, moment: Moment) -> Since:
        borne = self._allowance.on(moment.day)
        times = stretch(self._caution, borne, BUDGETS[self.condition])
        return Since(moment.day, moment.day - self._state.first_day, times)

    def _rest(self, moment: Moment) -> None:
        """Whether they rested before this sign of life, of an evening or a night."""
        state, last = self._state, self._state.leaving.last
        if last.t is None or state.rested or last.perhaps_out:
            return
        evening = self._calendar.at(moment.day - (moment.hour < NIGHT_ENDS), EVENING)
        if room(last.place) == BED or BED not in state.rooms:
            state.rested = moment.t - max(last.t, evening) >= REST

    def _door(self, event: SensorEvent, moment: Moment, watched: bool) -> None:
        """Follows the outer doors."""
        state = self._state
        opens = event.place in EXITS and event.kind == OPENING and event.value == 1
        state.leaving.notice(moment.t, event.place, opens and watched)
        if opens and moment.hour < NIGHT_ENDS and moment.t - state.opened > ONE_OPENING:
            state.doors, state.opened = state.doors + 1, moment.t

    def _walk(self, moment: Moment, where: str, weight: float) -> list[Assessment]:
        """Follows a step, which counts with `weight`, 0 to 1."""
        state, roaming = self._state, self._state.roaming
        since, elsewhere = self._since(moment), roaming.room != where
        if over := roaming.step(moment.t, where, weight):
            state.nights.learn_spell(over, since)
        if not elsewhere:
            return []
        if state.told == ABOUT:
            state.calm_at = moment.t + CALM
        counted = state.nights.counted(roaming)
        if roaming.night / 60 < SPELL.least or counted < state.bar:
            return []
        if not state.bar and max(state.nights.shares(roaming, since)) < 1:
            return []
        state.bar = AGAIN * counted
        if self._why_not(moment):
            return []
        state.told = state.told or ABOUT
        state.calm_at = moment.t + CALM
        return [self._answer(moment)]

    def _gone(self, moment: Moment) -> list[Assessment]:
        """Somebody opened an outer door and has not been seen inside."""
        state = self._state
        opened = self._calendar.moment(state.leaving.opened)
        unusual = state.leaving.gone(opened)
        if not unusual or opened.hour >= NIGHT_ENDS or self._why_not(moment):
            return []
        state.told, state.calm_at = OUT, NEVER
        return [self._answer(moment)]

    def _over(self, moment: Moment) -> Assessment:
        self._state.told, self._state.calm_at = "", NEVER
        return self._answer(moment)

    def _end_night(self, moment: Moment) -> Assessment:
        """Learns the night, answers for it, and begins the next."""
        state = self._state
        state.nights.learn_night(state.roaming, self._since(moment))
        state.openings.learn_one(state.doors, OPENINGS)
        if state.told == ABOUT:
            state.told, state.calm_at = "", NEVER
        answer = self._answer(moment)
        state.night_ends = self._calendar.at(moment.day + 1, NIGHT_ENDS)
        state.roaming.end()
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
        if heard < FEWEST_ROOMS:
            return "Motion is heard in fewer than two rooms."
        if known := home_context.not_alone(self._context, moment.day):
            return known
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
        answer = Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=0.0 if why else self._score(moment),
            evidence=[] if why else self._evidence(moment),
            reason=why,
            text=why or self._text(),
            prompt=PROMPTS[state.told],
        )
        return self._allowance.told(answer, moment.day)

    def _text(self) -> str:
        state, roaming = self._state, self._state.roaming
        if state.told == OUT:
            return (
                f"An outer door was opened at {self._clock(state.leaving.opened)}, "
                "and nobody has been seen inside since."
            )
        if state.told == ABOUT:
            rooms = ", ".join(plain(one) for one in sorted(roaming.rooms))
            return (
                f"Up and about for {roaming.night / 60:.0f} minutes this night, the last time "
                f"since {self._clock(roaming.began)}; seen in {rooms}."
            )
        return "The nights are as usual."

    def _score(self, moment: Moment) -> float:
        """A half where the minutes of the spell or of the night reach their limit."""
        share = max(self._state.nights.shares(self._state.roaming, self._since(moment)))
        return 1.0 if self._state.told == OUT else round(share / (share + 1), 4)

    def _evidence(self, moment: Moment) -> list[Evidence]:
        """Doors, the spell and the night, what was told first."""
        state, since = self._state, self._since(moment)
        spell, night = state.nights.shares(state.roaming, since)
        doors = float(state.told == OUT)
        at_a_stretch = round((1 - doors) * spell / max(spell + night, 1e-9), 3)
        usual = max(state.openings.band(OPENINGS).usual, 0.0)
        found = [
            of_doors(state.doors, usual, share=doors),
            of_spell(state.nights, state.roaming, since, share=at_a_stretch),
            of_night(
                state.nights,
                state.roaming,
                since,
                share=round(1 - doors - at_a_stretch, 3),
                under_way=bool(state.told),
            ),
        ]
        return sorted(found, key=lambda one: -(one.share or 0))

    def _clock(self, t: float) -> str:
        return f"{datetime.fromtimestamp(t, self._zone):%H:%M}"
