"""The rule "the home is not empty for longer than N hours"."""

from typing import Annotated

import msgspec

from contract import SensorEvent
from detectors.features.places import EXITS, PERSON_KINDS, SEEING
from detectors.features.whereabouts import Whereabouts
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.rules.form import Clock, RuleForm, span
from detectors.rules.hearing import SELDOM_USED
from detectors.rules.spell import Limits, SpellState, SpellWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=1.5, dispersion=4.0)
"""Hours that people are out for, before anyone was."""
OUTER_DOOR = "outer_door"
OUTING = 1800.0
"""Seconds; who is back sooner was at the door, or in the garden."""


class Unoccupied(RuleForm, frozen=True, kw_only=True, tag="unoccupied"):
    """Somebody went out by an outer door and has not been back for so many hours.

    Attributes:
        hours: How long the home may be empty.
        since, until: When the rule counts; by default all day.
    """

    hours: Annotated[float, msgspec.Meta(ge=0.5, le=168)]
    since: Clock = "00:00"
    until: Clock = "00:00"

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return UnoccupiedWatch(self, setting)


class UnoccupiedState(SpellState):
    """What is remembered besides: where somebody was last seen, and whether anything sees them."""

    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    sees: bool = False


class UnoccupiedWatch(SpellWatch[UnoccupiedState]):
    """Watches whether somebody comes home."""

    def __init__(self, rule: Unoccupied, setting: Setting) -> None:
        limits = Limits(
            limit=rule.hours * 3600,
            span=span(rule.since, rule.until, rule.weekdays),
            needs={OUTER_DOOR: SELDOM_USED},
            learned_from=OUTING,
        )
        words = Words(
            raised=(
                "Nobody has been seen at home for {length}, since somebody was at an outer door "
                "at {since}; the rule allows {allowed}."
            ),
            normal="The home has not been empty for longer than the rule allows.",
            prompt="Call the person's telephone, then whoever may know where they are.",
            measure="empty_home",
            label="Longest time that the home was empty",
            usual=USUAL,
            unit="hours",
            seconds=3600.0,
        )
        super().__init__(limits, words, setting, UnoccupiedState())

    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """Any sign of life ends an absence; one at an outer door may begin another."""
        memory = self.memory
        if event.kind not in PERSON_KINDS:
            return
        memory.sees = memory.sees or event.kind in SEEING
        self.end(moment.t)
        memory.last.notice(moment.t, event.place)
        if memory.last.perhaps_out:
            self.begin(moment)

    def ear_of(self, event: SensorEvent) -> str:
        """Any outer door will do."""
        return OUTER_DOOR if event.place in EXITS else event.place

    def why_blind(self) -> str:
        """Without an outer door nobody leaves, and without motion nobody comes back."""
        if self.memory.sees:
            return ""
        return "No motion or presence sensor has been heard, so nobody is seen to come home."
