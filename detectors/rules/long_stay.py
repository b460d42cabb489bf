"""The rule "no longer than N minutes in one room", such as the bathroom."""

from typing import Annotated

import msgspec

from contract import Kind, SensorEvent
from detectors.features.places import plain, room
from detectors.models.usual import Prior
from detectors.moment import Moment
from detectors.rules.form import Clock, Place, RuleForm, span
from detectors.rules.hearing import OFTEN_USED
from detectors.rules.spell import Limits, SpellState, SpellWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=8.0, dispersion=60.0)
"""Minutes that a stay lasts, before any was seen."""
WHERE: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.OPENING, Kind.FLUSH})
"""Kinds that tell where the person is."""


class LongStay(RuleForm, frozen=True, kw_only=True, tag="long_stay"):
    """Somebody stays in a room for longer than so many minutes.

    A stay begins with a sign of life in the room and ends with one elsewhere. A presence sensor in
    the room, where there is one, knows better.

    Attributes:
        place: The room.
        minutes: How long one may stay.
        since, until: When the rule counts; by default all day.
    """

    minutes: Annotated[float, msgspec.Meta(ge=5, le=720)]
    place: Place = "bathroom"
    since: Clock = "00:00"
    until: Clock = "00:00"

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return LongStayWatch(self, setting)


class LongStayState(SpellState):
    """What is remembered besides.

    Attributes:
        elsewhere: Whether anything was ever heard elsewhere that would end a stay.
        presence: Whether a presence sensor tells of the room.
    """

    elsewhere: bool = False
    presence: bool = False


class LongStayWatch(SpellWatch[LongStayState]):
    """Watches the stays in one room."""

    def __init__(self, rule: LongStay, setting: Setting) -> None:
        name = plain(rule.place)
        limits = Limits(
            limit=rule.minutes * 60,
            span=span(rule.since, rule.until, rule.weekdays),
            needs={rule.place: OFTEN_USED},
        )
        words = Words(
            raised=f"In the {name} for {{length}}, since {{since}}; the rule allows {{allowed}}.",
            normal=f"Nobody has been in the {name} for longer than the rule allows.",
            prompt="Call the person; if there is no answer, send someone to look.",
            measure="stay",
            label=f"Longest stay in the {name}",
            usual=USUAL,
        )
        super().__init__(limits, words, setting, LongStayState())
        self._place = rule.place
        self._room = room(rule.place)

    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """A sign of life in the room begins a stay, one elsewhere ends it."""
        memory = self.memory
        if event.kind == Kind.PRESENCE and event.place == self._place:
            memory.presence = True
            if not event.value:
                self.end(moment.t)
                return
        elif memory.presence or event.kind not in WHERE:
            return
        if room(event.place) == self._room:
            self.begin(moment)
        else:
            memory.elsewhere = True
            self.end(moment.t)

    def why_blind(self) -> str:
        """Who else moves, and what cannot be heard, hides a stay."""
        if self.memory.presence:
            return ""
        if self.setting.people > 1:
            return "More than one person lives here; who moves elsewhere hides who stays."
        if not self.memory.elsewhere:
            return "No sensor elsewhere has been heard, so it cannot be seen when a stay ends."
        return ""
