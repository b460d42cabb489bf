"""How far the fitting of a home has come, as staff see it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from api.downlink.views import CommandLine
from contract.downlink import WalkTest

RECENT = timedelta(days=7)
"""A walk past a sensor counts for so long: a fitting may take two visits, and no more."""


class Fault(StrEnum):
    """What may be wrong with a sensor."""

    NEVER = "never"  # it was never heard
    SILENT = "silent"  # it was not heard for a day
    AWAY = "away"  # its network says that it is away
    BATTERY = "battery"
    LINK = "link"
    STUCK = "stuck"  # it tells of movement for hours on end
    UNLIKE = "unlike"  # it tells of other things than it is listed for
    UNTRIED = "untried"  # a help button of which no press ever came


class FittedHub(msgspec.Struct, frozen=True, kw_only=True):
    """The hub that is being fitted.

    Attributes:
        claimed_at: When a device took the place; None while there is only a claim code.
        code_expires_at: Until when that code opens the place.
        last_seen_at: When it last told anything new; None before it ever did.
        software: The version that it runs.
        quiet: Whether it has told nothing for longer than it does while all is well.
    """

    hub: str
    claimed_at: datetime | None
    code_expires_at: datetime
    last_seen_at: datetime | None
    software: str = ""
    quiet: bool = False

    @property
    def online(self) -> bool:
        """Whether it has claimed its place, has told something since, and goes on to."""
        return self.claimed_at is not None and self.last_seen_at is not None and not self.quiet


class FittedSensor(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that the hub listens to.

    Attributes:
        last_at: When it was last heard; None where it never was.
        battery: In per cent; None where it tells none.
        link: The quality of its radio link, 0 to 255; None where it tells none.
        faults: What is wrong with it, of :class:`Fault`.
        walks: Whether somebody can set it off; one that tells of its link alone cannot be.
        walked_at: When a walk test last set it off; None where none did of late.
        walked: How often.
    """

    sensor: str
    kind: str
    place: str
    last_at: datetime | None = None
    battery: float | None = None
    link: float | None = None
    faults: list[str] = []
    walks: bool
    walked_at: datetime | None = None
    walked: int = 0


class What(StrEnum):
    """What may be open when a fitting is signed off, beside the faults of its sensors."""

    OFFLINE = "offline"  # the hub has claimed its place, and told nothing yet
    QUIET = "quiet"  # it did, and tells nothing any more
    NO_SENSORS = "no_sensors"  # it has named none that anybody can set off
    NOT_WALKED = "not_walked"  # no walk test has set the sensor off of late
    NO_TEST = "no_test"  # no test alert has arrived of late
    NO_CALL = "no_call"  # nobody has tried to call a contact of late
    NO_ANSWER = "no_answer"  # a contact was called, and nobody answered


class Why(StrEnum):
    """Why a fitting is signed off with something open. Words of our own: nobody is named."""

    COMES_LATER = "comes_later"
    NOT_WANTED = "not_wanted"
    BROKEN = "broken"
    NO_LINE = "no_line"
    STOPPED = "stopped"


class Answered(StrEnum):
    """Who answered a test call. Nobody is named: contacts are not for who fits hubs."""

    FIRST = "first"  # the contact who is called first
    OTHER = "other"
    NOBODY = "nobody"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A test call to a contact: when, noted by whom, and who answered."""

    called_at: datetime
    by: str
    answered: str


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was not passed; `sensor` where it is about one."""

    what: str
    sensor: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-off keeps: how hub and sensors stood in that moment."""

    hub: FittedHub
    sensors: list[FittedSensor] = []
    open: list[Open] = []
    test_at: datetime | None = None
    call: Call | None = None


class SignedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off: its number, when, by whom, and how much was open."""

    fitting: int
    signed_at: datetime
    by: str
    open: int


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off as it is printed: of the home its identifier alone."""

    fitting: int
    home: str
    time_zone: str
    hub: str
    signed_at: datetime
    by: str
    why: str
    found: Found


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """The newest walk test.

    Attributes:
        minutes: How long it was asked to last.
        ends_at: When the hub is to end it; None where it has not begun it.
    """

    command: CommandLine
    minutes: int = WalkTest().minutes
    ends_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it goes on, or may yet begin."""
        return self.command.state in {"waiting", "under_way"}


class TriedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """A test alert, and when the centre received it; None while it has not."""

    command: CommandLine
    arrived_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it may yet arrive."""
        return self.arrived_at is None and self.command.state in {"waiting", "under_way", "done"}


class Fitting(msgspec.Struct, frozen=True, kw_only=True):
    """The fitting of one home.

    Attributes:
        hub: None where the home has no place for one.
        others: Further hubs of the home.
        sensors: As the hub last told; None before it has.
        told_at: When it did, by its own clock.
        listed: `[[sensors]]` as the centre has it: where it has a list, or its hubs have none;
            None where the list is the hub's own.
        edition: Of the configuration that this is from.
        walk: The newest walk test; None where there was none of late.
        test: The newest test alert that has arrived, or was asked for; None as above.
        call: The newest test call to a contact; None as above.
        signed: When this hub's fitting was signed off, the newest first.
    """

    home: str
    label: str
    time_zone: str
    hub: FittedHub | None = None
    others: list[str] = []
    sensors: list[FittedSensor] | None = None
    told_at: datetime | None = None
    listed: list[dict[str, Any]] | None = None
    edition: int = 0
    walk: Walk | None = None
    test: TriedAlert | None = None
    call: Call | None = None
    signed: list[SignedLine] = []

    @property
    def unwalked(self) -> list[FittedSensor]:
        """Sensors that no walk test has set off of late."""
        return [one for one in self.sensors or () if one.walks and one.walked_at is None]

    @property
    def walked(self) -> bool:
        """Whether somebody was heard by every sensor that can hear anybody."""
        return any(one.walks for one in self.sensors or ()) and not self.unwalked

    @property
    def fine(self) -> bool:
        """Whether the hub has named sensors, and nothing is wrong with any."""
        return bool(self.sensors) and not any(one.faults for one in self.sensors or ())

    @property
    def open(self) -> list[Open]:
        """What is not passed yet, in the order of the steps."""
        return list(_open(self))


def _open(found: Fitting) -> Iterator[Open]:
    if found.hub is not None and found.hub.quiet:
        yield Open(what=What.QUIET)
    elif found.hub is None or not found.hub.online:
        yield Open(what=What.OFFLINE)
    yield from _open_sensors(found)
    if found.test is None or found.test.arrived_at is None:
        yield Open(what=What.NO_TEST)
    if found.call is None:
        yield Open(what=What.NO_CALL)
    elif found.call.answered == Answered.NOBODY:
        yield Open(what=What.NO_ANSWER)


def _open_sensors(found: Fitting) -> Iterator[Open]:
    if not any(one.walks for one in found.sensors or ()):
        yield Open(what=What.NO_SENSORS)
    for sensor in found.sensors or ():
        for fault in sensor.faults:
            yield Open(what=fault, sensor=sensor.sensor)
    for one in found.unwalked:
        if Fault.NEVER not in one.faults:  # which says as much
            yield Open(what=What.NOT_WALKED, sensor=one.sensor)
