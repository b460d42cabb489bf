"""A sensor that says nothing while the rest of the home speaks.

Time is counted in stretches in which the home was awake to its other sensors, so that a quiet
night or an empty home is no sensor's fault. A home with a single sensor, or with none that sees
people, has nothing to compare with and counts by the clock.
"""

from math import exp, log
from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Evidence, Kind, SensorEvent, State, utc
from detectors.budgets import BUDGETS, Allowance
from detectors.features.places import PERSON_KINDS, SEEING, plain
from detectors.kinds import LINK
from detectors.learned import LEARNED
from detectors.models.longest import LongestSilences, SilencePrior, limit, stretch
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

SLOT = 600.0
SLOTS_AN_HOUR = 3600.0 / SLOT
PRIOR = SilencePrior(usual=120, days=5, least=90, most=2000)
"""In active stretches."""
CHANCE = 1e-3
FADE = 0.99
"""What a silence keeps of its say, from one to the next."""
LEARNING_DAYS = 3
MOST_SENSORS = 60
"""A home has fewer; beyond it new names are taken for noise, so that memory stays bounded."""
QUIET_BY_NATURE: frozenset[str] = frozenset({Kind.BUTTON})
"""Kinds that rightly say nothing for months."""


class Voice(msgspec.Struct):
    """One sensor as it has been heard.

    Attributes:
        place: Where it is.
        heard: The home's count of active stretches when it was last heard.
        spoke: Whether it ever did.
        silences: Its longest silences, in active stretches.
        count, total: Number and sum of its silences, the old ones faded.
        told: The last answer was that it is silent.
        offline: Its own link says it is away.
    """

    place: str
    heard: int
    spoke: bool
    silences: LongestSilences = msgspec.field(default_factory=LongestSilences)
    count: float = 0.0
    total: float = 0.0
    told: bool = False
    offline: bool = False

    def learn_one(self, silence: float, day: int) -> None:
        """Takes in a silence that has ended."""
        self.silences.learn_one(silence, day)
        self.count = FADE * self.count + 1.0
        self.total = FADE * self.total + silence

    def unlikely(self) -> float:
        """A silence that comes once in `1 / CHANCE`, were the sensor to speak at random.

        For sensors that speak seldom and irregularly, such as a back door: from the few silences
        seen, the next one follows a Lomax distribution.
        """
        count, total = self.count + 3.0, self.total + PRIOR.usual / 2
        return total * (exp(-log(CHANCE) / count) - 1.0)


class SilentState(msgspec.Struct):
    """All that has been learned; its form is the snapshot's.

    Attributes:
        voices: The sensors by name.
        slot, active: The last active stretch, and how many there have been.
        sees: Whether any sensor here sees people about.
        first_day: The day of the first event, as an ordinal.
        day_ends: When the daily answer is due.
    """

    voices: dict[str, Voice] = {}
    slot: int = -1
    active: int = 0
    sees: bool = False
    first_day: int = 0
    day_ends: float = NEVER


class SensorSilent:
    """Watches the voices of one home's sensors."""

    condition: ClassVar[str] = Condition.SENSOR_SILENT
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset(Kind)

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        steepness = parameters.steepness.get(self.condition, 1.0)
        self._allowance = Allowance(self.condition, profile, steepness)
        self._caution = parameters.caution[self.condition]
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._all_well_until = 0.0  # active stretches up to which nobody's silence is too long
        self._state = SilentState(
            voices={
                role.sensor: Voice(role.place, 0, spoke=False)
                for role in profile.sensors[:MOST_SENSORS]
                if role.kind not in QUIET_BY_NATURE
            }
        )

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Hears a sensor; at each new stretch asks after the others."""
        state = self._state
        if state.day_ends == NEVER:
            state.first_day = moment.day
            state.day_ends = self._calendar.at(moment.day, 24)
        slot = int(moment.t // SLOT)
        fresh = slot != state.slot and event.kind in PERSON_KINDS
        if not state.sees:
            state.sees = event.kind in SEEING
        if fresh:
            state.active += max(slot - state.slot, 1) if self._by_clock and state.slot >= 0 else 1
            state.slot = slot
        if not fresh and self._heard_just_now(event):
            return []
        answers = self._hear(event, moment)
        return [*answers, *self._miss(moment)] if fresh else answers

    def due(self) -> float:
        """Midnight."""
        return self._state.day_ends

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers for every sensor once a day."""
        state = self._state
        if self._by_clock:  # nobody else's stretches to count by
            state.active += max(int(moment.t // SLOT) - state.slot, 0)
            state.slot = int(moment.t // SLOT)
        self._miss(moment)
        state.day_ends = self._calendar.at(moment.day, 24)
        return [self._answer(name, voice, moment) for name, voice in sorted(state.voices.items())]

    @property
    def _by_clock(self) -> bool:
        """Whether there is nothing to compare a sensor with but the clock."""
        return len(self._state.voices) <= 1 or not self._state.sees

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        self._state = thaw(snapshot, SilentState)
        self._all_well_until = 0.0

    def _heard_just_now(self, event: SensorEvent) -> bool:
        """Whether the sensor has spoken in this stretch already, so that it says nothing new."""
        state = self._state
        voice = state.voices.get(event.sensor)
        return (
            voice is not None
            and voice.heard == state.active
            and voice.spoke
            and not voice.told
            and event.kind != LINK
        )

    def _hear(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        state = self._state
        voice = state.voices.get(event.sensor)
        if voice is None:
            if len(state.voices) >= MOST_SENSORS or event.kind in QUIET_BY_NATURE:
                return []
            voice = state.voices[event.sensor] = Voice(event.place, state.active, spoke=True)
        silence = state.active - voice.heard
        if voice.spoke and silence > 1:
            voice.learn_one(float(silence), moment.day)
        was_told = voice.told
        voice.heard, voice.spoke = state.active, True
        voice.offline = event.kind == LINK and event.value == 0
        voice.told = voice.offline
        return [self._answer(event.sensor, voice, moment)] if was_told != voice.told else []

    def _miss(self, moment: Moment) -> list[Assessment]:
        """Tells of those whose silence has become too long."""
        state = self._state
        answers: list[Assessment] = []
        if state.active <= self._all_well_until:
            return answers
        for name, voice in state.voices.items():
            silence = state.active - voice.heard
            if voice.told or silence <= PRIOR.least:  # quick: no limit is shorter
                continue
            if silence > self._limit(voice, moment.day):
                voice.told = True
                answers.append(self._answer(name, voice, moment))
        heard = [voice.heard for voice in state.voices.values() if not voice.told]
        self._all_well_until = min(heard, default=state.active) + PRIOR.least
        return answers

    def _limit(self, voice: Voice, day: int) -> float:
        usual = self._long(voice, day)
        times = stretch(self._caution, self._allowance.on(day), BUDGETS[self.condition])
        return max(limit(usual, usual, times, PRIOR), min(voice.unlikely(), PRIOR.most))

    def _long(self, voice: Voice, day: int) -> float:
        return voice.silences.long(2, day - self._state.first_day, day, PRIOR)

    def _answer(self, name: str, voice: Voice, moment: Moment) -> Assessment:
        found, reason = self._found(voice, moment)
        raised = found is State.RAISED
        silence = float(self._state.active - voice.heard)
        allowed = self._limit(voice, moment.day)
        judged = raised or found is State.NORMAL
        text = f"{name} ({plain(voice.place)}) speaks as usual."
        if raised:
            text = (
                f"{name} ({plain(voice.place)}) has said nothing while the rest of the home speaks."
            )
        if raised and self._by_clock:
            text = (
                f"{name} ({plain(voice.place)}) has said nothing for far longer than usual; "
                "nobody may be at home, or it may be lost."
            )
        if raised and voice.offline:
            text = f"{name} ({plain(voice.place)}) reports that it is offline."
        answer = Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found,
            score=round(silence / (silence + allowed), 4) if judged else 0.0,
            subject=name,
            evidence=[self._evidence(voice, silence, allowed, moment)] if judged else [],
            reason=reason,
            text=reason or text,
            prompt="Check the sensor's battery and place; it may have fallen or lost its link."
            if raised
            else "",
        )
        return self._allowance.told(answer, moment.day)

    def _found(self, voice: Voice, moment: Moment) -> tuple[State, str]:
        if moment.day - self._state.first_day < LEARNING_DAYS and not voice.offline:
            return State.LEARNING, "Learning how often this sensor speaks."
        if voice.told:
            return State.RAISED, ""
        return State.NORMAL, ""

    def _evidence(self, voice: Voice, silence: float, allowed: float, moment: Moment) -> Evidence:
        usual = self._long(voice, moment.day)
        hours, often = silence / SLOTS_AN_HOUR, usual / SLOTS_AN_HOUR
        elsewhere = "" if self._by_clock else " of activity elsewhere"
        heard = "" if voice.spoke else " It has not been heard at all yet."
        return Evidence(
            measure="silent_hours",
            label="Hours in which the home spoke and this sensor did not",
            unit="hours",
            value=round(hours, 1),
            usual=round(often, 1),
            low=0.0,
            high=round(allowed / SLOTS_AN_HOUR, 1),
            share=1.0,
            text=(
                f"Silent for {hours:.1f} hours{elsewhere}; "
                f"its longest is usually {often:.1f}.{heard}"
            ),
        )
