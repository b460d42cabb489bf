"""The rule "back in bed within N minutes" for those who get up at night."""

from typing import Annotated

import msgspec

from contract import Kind, SensorEvent
from detectors.features.places import BEDROOM
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.rules.form import Clock, RuleForm, span
from detectors.rules.hearing import OFTEN_USED
from detectors.rules.spell import Limits, SpellState, SpellWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=8.0, dispersion=60.0)
"""Minutes out of bed at night, before it was ever left."""
BED = "bed"
SETTLED = 1200.0
"""Seconds without a sign of life after one in the bedroom, by which somebody has gone to bed."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is."""


class OutOfBed(RuleForm, frozen=True, kw_only=True, tag="out_of_bed"):
    """Somebody left their bed at night and is not back within so many minutes.

    A presence sensor of the bed tells; without one, motion in the bedroom and a rest after it do.

    Attributes:
        minutes: How long they may be up.
        since, until: What counts as night.
    """

    minutes: Annotated[float, msgspec.Meta(ge=5, le=360)]
    since: Clock = "22:00"
    until: Clock = "07:00"

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return OutOfBedWatch(self, setting)


class OutOfBedState(SpellState):
    """What is remembered besides.

    Attributes:
        mat: Whether a presence sensor tells of the bed.
        elsewhere: Whether motion was ever heard outside the bedroom.
        there: Whether their last sign of life was in the bedroom.
        last: When it was, in epoch seconds.
    """

    mat: bool = False
    elsewhere: bool = False
    there: bool = False
    last: float | None = None


class OutOfBedWatch(SpellWatch[OutOfBedState]):
    """Watches for the return to bed."""

    def __init__(self, rule: OutOfBed, setting: Setting) -> None:
        limits = Limits(
            limit=rule.minutes * 60,
            span=span(rule.since, rule.until, rule.weekdays),
            needs={BED: OFTEN_USED, "bedroom": OFTEN_USED},
        )
        words = Words(
            raised="Out of bed for {length}, since {since}; the rule allows {allowed}.",
            normal="Nobody has been out of bed at night for longer than the rule allows.",
            prompt="Call the person; if there is no answer, send someone to look.",
            measure="out_of_bed",
            label="Longest time out of bed at night",
            usual=USUAL,
        )
        super().__init__(limits, words, setting, OutOfBedState())

    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """The bed is left, or somebody is back."""
        memory = self.memory
        if event.kind == Kind.PRESENCE and event.place == BED:
            memory.mat = True
            self._move(moment, in_bed=bool(event.value))
        elif not memory.mat and event.kind in WHERE:
            self._motion(event.place in BEDROOM, moment)

    def needs(self) -> dict[str, int]:
        """The bed where it has a sensor, else the bedroom."""
        return {BED if self.memory.mat else "bedroom": OFTEN_USED}

    def why_blind(self) -> str:
        """It takes a bed, or a bedroom and the rest of the home."""
        memory = self.memory
        if memory.mat:
            return ""
        if self.setting.people > 1:
            return "More than one person lives here; who moves hides who is in bed."
        if not memory.elsewhere:
            return "No sensor outside the bedroom has been heard, so nobody is seen to leave it."
        return ""

    def _motion(self, here: bool, moment: Moment) -> None:
        """Motion in the bedroom or elsewhere, where the bed itself does not tell."""
        memory, last = self.memory, self.memory.last
        if here:
            self._move(moment, in_bed=True)
        else:
            memory.elsewhere = True
            settled = memory.there and last is not None and moment.t - last >= SETTLED
            if settled:
                self._move(moment, in_bed=False)
        memory.there, memory.last = here, moment.t

    def _move(self, moment: Moment, *, in_bed: bool) -> None:
        if in_bed:
            self.end(moment.t)
        elif self.holds(moment):
            self.begin(moment, ends_at=self.span_end(moment))
