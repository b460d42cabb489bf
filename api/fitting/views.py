"""How far the fitting of a home has come, as staff see it."""

from datetime import datetime, timedelta

import msgspec

from api.downlink.views import CommandLine
from contract.downlink import WalkTest

RECENT = timedelta(days=7)
"""A walk past a sensor counts for so long: a fitting may take two visits, and no more."""


class FittedHub(msgspec.Struct, frozen=True, kw_only=True):
    """The hub that is being fitted.

    Attributes:
        claimed_at: When a device took the place; None while there is only a claim code.
        code_expires_at: Until when that code opens the place.
        last_seen_at: When it last told anything new; None before it ever did.
    """

    hub: str
    claimed_at: datetime | None
    code_expires_at: datetime
    last_seen_at: datetime | None

    @property
    def online(self) -> bool:
        """Whether it has claimed its place and told something since."""
        return self.claimed_at is not None and self.last_seen_at is not None


class FittedSensor(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that the hub listens to.

    Attributes:
        walks: Whether somebody can set it off; one that tells of its link alone cannot be.
        walked_at: When a walk test last set it off; None where none did of late.
        walked: How often.
    """

    sensor: str
    kind: str
    place: str
    walks: bool
    walked_at: datetime | None = None
    walked: int = 0


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


class Fitting(msgspec.Struct, frozen=True, kw_only=True):
    """The fitting of one home.

    Attributes:
        hub: None where the home has no place for one.
        others: Further hubs of the home.
        sensors: As the hub last told; None before it has.
        walk: None where there was none of late.
    """

    home: str
    label: str
    time_zone: str
    hub: FittedHub | None = None
    others: list[str] = []
    sensors: list[FittedSensor] | None = None
    walk: Walk | None = None

    @property
    def unwalked(self) -> list[FittedSensor]:
        """Sensors that no walk test has set off of late."""
        return [one for one in self.sensors or () if one.walks and one.walked_at is None]

    @property
    def walked(self) -> bool:
        """Whether somebody was heard by every sensor that can hear anybody."""
        return any(one.walks for one in self.sensors or ()) and not self.unwalked
