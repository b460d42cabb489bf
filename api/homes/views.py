"""Homes as staff see them: what the JSON API sends and the console draws."""

from datetime import datetime, timedelta

import msgspec

from api.alerts.views import AlertSummary
from contract import HubHealth, decode

SILENT = timedelta(hours=24)
"""How long a sensor may say nothing before a page points it out; the hub judges for itself."""
LOW_BATTERY = 15.0
"""Per cent at or below which a page points a battery out."""


class HomeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of homes.

    Attributes:
        waiting: Alerts not resolved.
        last_seen_at: When a hub of the home last told the centre anything new; None before it
            ever did.
    """

    home: str
    label: str
    time_zone: str
    waiting: int
    last_seen_at: datetime | None


class Sensor(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor as the centre last heard of it, in event time."""

    sensor: str
    kind: str
    place: str
    last_at: datetime
    battery: float | None


class Hub(msgspec.Struct, frozen=True, kw_only=True):
    """One hub of a home.

    Attributes:
        claimed: Whether a device has taken the place; before that there is only a claim code.
        last_seen_at: When it last told anything new; to send the same again, or nothing, is no sign
            that it hears its home.
        health: The newest :class:`contract.HubHealth`, as it was sent.
        missing: How many records the centre knows it has not received, though later ones came.
        code_expires_at: Until when its claim code can be used.
        key_at: When it last changed its key; None where it has the one it joined with.
        revoked_at: Since when it is turned away.
        revoked_why: `revoked` by staff, or `replaced`; empty where it is not.
        replaces: The hub that is retired once this one speaks; empty for none.
    """

    hub: str
    claimed: bool
    last_seen_at: datetime | None
    health_at: datetime | None
    health: msgspec.Raw | None
    missing: int
    code_expires_at: datetime | None = None
    key_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_why: str = ""
    replaces: str = ""

    @property
    def reported(self) -> HubHealth | None:
        """The health, read."""
        return decode(bytes(self.health), HubHealth) if self.health is not None else None


class HomeDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One home.

    Attributes:
        alerts: Its newest alerts, resolved ones too, the newest first.
    """

    home: str
    label: str
    time_zone: str
    hubs: list[Hub]
    sensors: list[Sensor]
    alerts: list[AlertSummary]

    @property
    def at_work(self) -> list[Hub]:
        """Its hubs without those that were let go."""
        return [hub for hub in self.hubs if hub.revoked_at is None]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What one place told of one kind in a day.

    Attributes:
        count: Activations, openings, entries or uses; for measures such as temperature, readings.
        total: The sum of the values in the kind's unit (Wh for appliances).
    """

    place: str
    kind: str
    count: int
    total: float


class DayCounts(msgspec.Struct, frozen=True, kw_only=True):
    """One local day of a home: `day` as `YYYY-MM-DD`."""

    day: str
    counts: list[Count]


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The last local days of a home, the oldest first; also those when nothing was heard."""

    home: str
    time_zone: str
    days: list[DayCounts]


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """How often a person set off the sensors of one place in the quarter of an hour from `at`."""

    at: datetime
    place: str
    n: int
