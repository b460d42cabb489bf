"""A sensor that says nothing while the rest of the home speaks.

Time is counted in stretches in which the home was awake to its other sensors, so that a quiet
night or an empty home is no sensor's fault. A thermometer speaks in an empty home, too: it is
counted by the clock, so that a link that is down is told though everything is silent. So is
everything in a home with one sensor, or none that sees people: there is nothing to compare with.
"""

from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Evidence, Kind, SensorEvent, State, utc
from detectors.budgets import BUDGETS, Allowance
from detectors.features.places import PERSON_KINDS, SEEING, plain
from detectors.features.pulse import SPEAKING_ALONE
from detectors.kinds import LINK
from detectors.learned import LEARNED
from detectors.models.longest import stretch
from detectors.moment import Calendar, Moment
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.sensor_voices import CHANCE, PRIOR, SLOT, SilentState, Voice
from detectors.snapshots import freeze, thaw

SLOTS_AN_HOUR = 3600.0 / SLOT
LEARNING_DAYS = 3
FORGOTTEN_DAYS = 90
"""A sensor that is not on record as fitted and has said nothing for longer was taken away."""
MOST_SENSORS = 60
"""A home has fewer; beyond it new names are taken for noise, so that memory stays bounded."""
QUIET_BY_NATURE: frozenset[str] = frozenset({Kind.BUTTON})
"""Kinds that rightly say nothing for months."""


class SensorSilent:
    """Watches the voices of one home's sensors."""

    condition: ClassVar[str] = Condition.SENSOR_SILENT
    version: ClassVar[int] = 2
    kinds: ClassVar[frozenset[str]] = frozenset(Kind)

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        steepness = parameters.steepness.get(self.condition, 1.0)
        self._allowance = Allowance(self.condition, profile, steepness)
        self._caution = parameters.caution[self.condition]
        self._home = profile.home
        self._fitted = frozenset(role.sensor for role in profile.sensors)
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
        if not fresh and self._heard_just_now(event, slot):
            return []
        answers = self._hear(event, moment)
        return [*answers, *self._miss(moment)] if fresh else answers

    def leapt(self, by: float, moment: Moment) -> None:
        """The clock was set ahead: nobody has been silent for longer than before."""
        state, slots = self._state, int(by // SLOT)
        state.slot += slots if state.slot >= 0 else 0
        for voice in state.voices.values():
            voice.slot += slots if voice.spoke else 0
        self._look_ahead(moment)

    def due(self) -> float:
        """Midnight, or when one that speaks alone has been silent for too long."""
        return min(self._state.day_ends, self._state.check_at)

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers for every sensor once a day, and for those that have fallen silent meanwhile."""
        state = self._state
        missed = []
        if moment.t >= state.check_at:
            missed = self._miss(moment)
            self._look_ahead(moment)
        return missed if moment.t < state.day_ends else missed + self._end_day(moment)

    def _end_day(self, moment: Moment) -> list[Assessment]:
        state = self._state
        if self._by_clock:  # nobody else's stretches to count by
            state.active += max(int(moment.t // SLOT) - state.slot, 0)
            state.slot = int(moment.t // SLOT)
        self._miss(moment)
        state.day_ends = self._calendar.at(moment.day, 24)
        gone = self._forget(moment)
        return gone + [
            self._answer(name, voice, moment) for name, voice in sorted(state.voices.items())
        ]

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

    def _heard_just_now(self, event: SensorEvent, slot: int) -> bool:
        """Whether the sensor has spoken in this stretch already, so that it says nothing new."""
        state = self._state
        voice = state.voices.get(event.sensor)
        return (
            voice is not None
            and voice.heard == state.active
            and voice.spoke
            and not voice.told
            and event.kind != LINK
            and (voice.slot == slot or event.kind not in SPEAKING_ALONE)
        )

    def _hear(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        state = self._state
        voice = state.voices.get(event.sensor)
        if voice is None:
            if len(state.voices) >= MOST_SENSORS or event.kind in QUIET_BY_NATURE:
                return []
            voice = state.voices[event.sensor] = Voice(event.place, state.active, spoke=True)
        silence = self._silence(voice, moment)
        if voice.spoke and silence > 1 and not voice.bridge:
            voice.learn_one(float(silence), moment.day)
        was_told = voice.told
        voice.heard, voice.spoke, voice.day = state.active, True, moment.day
        voice.slot = int(moment.t // SLOT)
        if event.kind in SPEAKING_ALONE:
            voice.alone = True
            self._look_ahead(moment)
        if event.kind == LINK or was_told or event.bridge or voice.bridge:
            voice.bridge = event.bridge
            voice.offline = event.kind == LINK and event.value == 0 and not event.bridge
            voice.told = voice.offline
        return [self._answer(event.sensor, voice, moment)] if was_told != voice.told else []

    def _miss(self, moment: Moment) -> list[Assessment]:
        """Tells of those whose silence has become too long."""
        state = self._state
        answers: list[Assessment] = []
        if state.active <= self._all_well_until and moment.t < state.check_at:
            return answers
        for name, voice in state.voices.items():
            silence = self._silence(voice, moment)
            if voice.told or voice.bridge or silence <= PRIOR.least:  # quick: no limit is shorter
                continue
            if silence > self._limit(voice, moment.day):
                voice.told = True
                answers.append(self._answer(name, voice, moment))
        waiting = (voice for voice in state.voices.values() if not voice.told and not voice.bridge)
        heard = [voice.heard for voice in waiting]
        self._all_well_until = min(heard, default=state.active) + PRIOR.least
        return answers

    def _silence(self, voice: Voice, moment: Moment) -> int:
        """How long it has been silent, in stretches: of the clock, or active ones."""
        if voice.alone:
            return int(moment.t // SLOT) - voice.slot
        return self._state.active - voice.heard

    def _look_ahead(self, moment: Moment) -> None:
        """When to ask next after those that speak alone: later than `moment`."""
        voices = self._state.voices.values()
        waiting = [one for one in voices if one.alone and not one.told and not one.bridge]
        ends = (one.slot + int(self._limit(one, moment.day)) + 1 for one in waiting)
        self._state.check_at = min((SLOT * end for end in ends), default=NEVER)

    def _forget(self, moment: Moment) -> list[Assessment]:
        """Lets go of sensors that were taken away, and of what was told of them.

        Only while others speak: an empty home loses none.
        """
        voices = self._state.voices
        if not any(voice.day >= moment.day - 1 for voice in voices.values()):
            return []
        gone = {
            name: voice
            for name, voice in sorted(voices.items())
            if name not in self._fitted and moment.day - voice.day > FORGOTTEN_DAYS
        }
        answers = []
        for name, voice in gone.items():
            voice.told = False
            reason = f"Nothing from it for {FORGOTTEN_DAYS} days; it is taken for removed."
            answers.append(
                msgspec.structs.replace(
                    self._answer(name, voice, moment), reason=reason, text=reason
                )
            )
            del voices[name]
        return answers

    def _limit(self, voice: Voice, day: int) -> float:
        usual = self._long(voice, day)
        borne, default = self._allowance.on(day), BUDGETS[self.condition]
        times = stretch(self._caution, borne, default)
        long = max(times * usual, voice.unlikely(CHANCE * borne / default), PRIOR.least)
        return min(long, PRIOR.most)

    def _long(self, voice: Voice, day: int) -> float:
        return voice.silences.long(2, day - self._state.first_day, day, PRIOR)

    def _answer(self, name: str, voice: Voice, moment: Moment) -> Assessment:
        found, reason = self._found(voice, moment)
        raised = found is State.RAISED
        silence = float(self._silence(voice, moment))
        allowed = self._limit(voice, moment.day)
        judged = raised or found is State.NORMAL
        text = f"{name} ({plain(voice.place)}) speaks as usual."
        if raised:
            text = (
                f"{name} ({plain(voice.place)}) has said nothing while the rest of the home speaks."
            )
        if raised and voice.alone:
            text = (
                f"{name} ({plain(voice.place)}) has said nothing for far longer than usual; "
                "it, or the whole link to the sensors, may be lost."
            )
        elif raised and self._by_clock:
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
        if voice.bridge:
            return State.BLIND, f"The bridge {voice.bridge}, by which it speaks, is away."
        if voice.told:
            return State.RAISED, ""
        return State.NORMAL, ""

    def _evidence(self, voice: Voice, silence: float, allowed: float, moment: Moment) -> Evidence:
        usual = self._long(voice, moment.day)
        hours, often = silence / SLOTS_AN_HOUR, usual / SLOTS_AN_HOUR
        elsewhere = "" if self._by_clock or voice.alone else " of activity elsewhere"
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
