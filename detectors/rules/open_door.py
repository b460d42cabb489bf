"""The rule "this door is not open at night", or not for longer than N minutes."""

from typing import Annotated

import msgspec

from contract import Kind, SensorEvent
from detectors.features.places import plain
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.rules.form import Clock, Place, RuleForm, span
from detectors.rules.hearing import SELDOM_USED
from detectors.rules.spell import Limits, SpellState, SpellWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=1.0, dispersion=4.0)
"""Minutes that a door stands open, before it was ever seen to."""
STANDS = 1800.0
"""Seconds for which an opening is told where the door never tells that it was closed."""


class OpenDoor(RuleForm, frozen=True, kw_only=True, tag="open_door"):
    """A door is open for longer than so many minutes, or at all.

    Attributes:
        place: The door.
        minutes: How long it may stand open; 0 tells each opening.
        since, until: When the rule counts; by default all day.
    """

    minutes: Annotated[float, msgspec.Meta(ge=0, le=1440)] = 0.0
    place: Place = "front_door"
    since: Clock = "00:00"
    until: Clock = "00:00"

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return OpenDoorWatch(self, setting)


class OpenDoorState(SpellState):
    """What is remembered besides: whether the door ever told that it was closed."""

    closes: bool = False


class OpenDoorWatch(SpellWatch[OpenDoorState]):
    """Watches one door."""

    def __init__(self, rule: OpenDoor, setting: Setting) -> None:
        name = plain(rule.place)
        limits = Limits(
            limit=rule.minutes * 60,
            span=span(rule.since, rule.until, rule.weekdays),
            needs={rule.place: SELDOM_USED},
        )
        at_all = f"The {name} was opened at {{since}}."
        too_long = f"The {name} has been open for {{length}}, since {{since}}"
        words = Words(
            raised=f"{too_long}; the rule allows {{allowed}}." if rule.minutes else at_all,
            normal=f"The {name} is kept closed as the rule asks.",
            prompt=f"Call the person; ask them to see to the {name}.",
            measure="door_open",
            label=f"Longest time that the {name} was open",
            usual=USUAL,
        )
        super().__init__(limits, words, setting, OpenDoorState())
        self._place = rule.place
        self._name = name
        self._at_all = not rule.minutes

    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """The door opens or closes."""
        if event.kind != Kind.OPENING or event.place != self._place:
            return
        memory = self.memory
        if not event.value:
            memory.closes = True
            self.end(moment.t)
        elif memory.closes or not self._at_all:
            self.begin(moment)
        elif self.holds(moment):
            self.begin(moment, ends_at=moment.t + STANDS)

    def length(self, t: float) -> float:
        """How long the door has been open; 0 where it never tells that it was closed."""
        return super().length(t) if self.memory.closes else 0.0

    def why_blind(self) -> str:
        """A door that never tells that it was closed cannot be open for too long."""
        if self.memory.closes or self._at_all:
            return ""
        return f"The {self._name} has not told yet that it was closed."
