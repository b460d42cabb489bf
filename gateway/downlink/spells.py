"""What the hub holds back or sets apart while a pause or a walk test lasts.

In a pause nothing of what the person does is journalled, sent or judged; what is heard is forgotten
as soon as the state of the device is known. Calls for help and links go through; a battery's level
does not, for a device tells it when it is used. In a walk test what sensors say is told at once and
is not taken for the person's own doing.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from contract import CommandKind, Kind, Quality, SensorEvent, SensorHealth, WalkStep, utc
from detectors.home_context import Known, Situation
from gateway.downlink.book import DownlinkBook
from gateway.engine.gate import Interval
from gateway.journal import Intake
from gateway.journal.lasting import Spell

NOBODY_UNTIL = "Nobody is missed until"
"""So an absence is told to the centre, with its last day; it may be ended sooner."""
THROUGH = frozenset({Kind.BUTTON, Kind.LINK})
"""Kinds of event that a pause does not hold back."""
_OF_BEFORE = frozenset({Quality.LATE, Quality.REPLAYED})
"""What may have been so before a walk test began, and so shows nobody that a sensor works."""


class Spells:
    """What lasts now, and what lasted, as the book has it.

    Args:
        book: Where it stands.
        hub, home: Whose.

    Attributes:
        all: What can be read of it, the earliest first.
        damaged: Whether there is more, which cannot be.
    """

    def __init__(self, book: DownlinkBook, hub: str, home: str) -> None:
        self._book = book
        self._hub = hub
        self._home = home
        self.all: list[Spell] = []
        self.damaged = False
        self.load()

    def load(self) -> None:
        """Reads the book again."""
        self.all, damaged = self._book.spells()
        self.damaged = bool(damaged)

    def now(self, kind: str) -> Spell | None:
        """The one of a kind that lasts."""
        return next((one for one in self.all if one.kind == kind and not one.over), None)

    @property
    def pauses(self) -> list[Interval]:
        """All pauses that are remembered."""
        return [Interval(one.since, one.until) for one in self.all if one.kind == CommandKind.PAUSE]

    def known(self, time_zone: str) -> tuple[Known, ...]:
        """The same as days, for the detectors that judge days."""
        return days_of(self.all, time_zone)

    def hush(self, intake: Intake) -> set[str]:
        """Takes out of an intake, or marks in it, what is not to count.

        What happened in a pause does not count either where it is heard after it, as from a broker
        that kept it while the hub was off; nor does a use of which any part was in a pause.

        Returns:
            The sensors whose battery was told in what was taken out: nobody has heard of it yet.
        """
        untold: set[str] = set()
        paused = self.now(CommandKind.PAUSE) is not None
        if paused:
            intake.quarantine = []  # it would keep what was said
        pauses = self.pauses
        if pauses:
            held = [event for event in intake.events if _held(event, pauses, paused)]
            if held:
                intake.counts["events"] -= len(held)
                intake.counts["paused"] += len(held)
                intake.events = [one for one in intake.events if not _held(one, pauses, paused)]
            untold = {event.sensor for event in held if event.battery is not None}
        if paused:
            return untold
        if walk := self.now(CommandKind.WALK_TEST):
            marked = [_set_apart(event) for event in intake.events]
            pairs = zip(intake.events, marked, strict=True)
            apart = sum(was is not event for was, event in pairs)
            if apart:
                intake.counts["walk_test"] += apart
            intake.events = marked
            intake.told += [
                WalkStep(hub=self._hub, home=self._home, command=walk.command, event=event)
                for event in intake.events
                if event.kind != Kind.LINK and event.quality not in _OF_BEFORE
            ]
        return untold

    def masked(self, sensors: Iterable[SensorHealth]) -> list[SensorHealth]:
        """How sensors fare, without telling when one was set off during a pause."""
        pauses = self.pauses
        return [_masked(one, pauses) for one in sensors] if pauses else list(sensors)


def days_of(spells: Iterable[Spell], time_zone: str) -> tuple[Known, ...]:
    """Pauses and absences as days, for the detectors that judge days."""
    zone = ZoneInfo(time_zone)
    situations = {CommandKind.PAUSE: Situation.PAUSED, CommandKind.AWAY: Situation.AWAY}
    found = []
    for one in spells:
        if one.kind in situations:
            since, until = (datetime.fromtimestamp(t, zone).date() for t in one[2:4])
            if since <= until:
                situation = situations[CommandKind(one.kind)]
                found.append(Known(situation=situation, since=since, until=until))
    return tuple(found)


def day_of(t: float, time_zone: str) -> date:
    """The local day of a time in epoch seconds."""
    return datetime.fromtimestamp(t, ZoneInfo(time_zone)).date()


def day_before(t: float, time_zone: str) -> float:
    """The last second of the local day before the one of `t`, in epoch seconds."""
    here = datetime.fromtimestamp(t, ZoneInfo(time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(seconds=1)).timestamp()


def _set_apart(event: SensorEvent) -> SensorEvent:
    """A call for help counts also in a walk test: nobody can tell whether it is meant."""
    if event.kind in THROUGH or event.quality != Quality.OK:
        return event
    return msgspec.structs.replace(event, quality=Quality.WALK_TEST)


def _held(event: SensorEvent, pauses: Iterable[Interval], paused: bool) -> bool:
    """Whether an event is not to be kept: it is heard in a pause, or happened in part in one."""
    is_battery = event.kind == Kind.LINK and event.battery is not None
    if event.kind in THROUGH and not is_battery:
        return False
    ended = event.at.timestamp()
    began = ended - (event.duration or 0.0)
    return paused or any(one.since <= ended and began < one.until for one in pauses)


def _masked(sensor: SensorHealth, pauses: Iterable[Interval]) -> SensorHealth:
    if sensor.last_seen is None:
        return sensor
    t = sensor.last_seen.timestamp()
    for one in pauses:
        if one.since < t < one.until:
            return msgspec.structs.replace(sensor, last_seen=utc(one.since))
    return sensor
