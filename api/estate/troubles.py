"""What is the matter with a hub, by its last heartbeat and what the centre knows of it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from api.homes.views import LOW_BATTERY

UNSENT = timedelta(hours=1)
"""A hub that is heard has sent what is older than this, unless something holds it up."""
LEAST_FREE_BYTES = 200_000_000
"""Of its disk. Below it a journal of months has little room to be mended in."""
CLOCK_OFF_S = 60.0
"""So far from the centre's clock, what a hub tells of minutes is wrong."""
HOT_C = 80.0
"""From here on a Raspberry Pi slows itself down."""


class Trouble(StrEnum):
    """What may be the matter, what keeps a home from being watched first."""

    SILENT = "silent"  # nothing is heard of it
    DEAF = "deaf"  # it cannot hear its sensors
    REFUSES = "refuses"  # it does not run with the settings that staff gave it
    FULL = "full"  # its disk
    WEAK = "weak"  # its power supply
    CLOCK = "clock"  # is off, or was never set
    UNSENT = "unsent"  # it is heard, and keeps back what it has
    HOT = "hot"
    SENSORS = "sensors"  # some were never heard, are stuck, away or weak
    AWAITED = "awaited"  # no hub has claimed the place


class Sensor(msgspec.Struct, frozen=True):
    """What is read of :class:`contract.SensorHealth`."""

    sensor: str = ""
    last_seen: datetime | None = None
    battery: float | None = None
    online: bool | None = None
    stuck: bool = False
    unlike: list[str] = []
    untried: bool = False

    @property
    def wants_looking_at(self) -> bool:
        """Whether somebody should see to it."""
        low = self.battery is not None and self.battery <= LOW_BATTERY
        doubted = self.stuck or bool(self.unlike) or self.untried
        return self.last_seen is None or self.online is False or low or doubted


class Machine(msgspec.Struct, frozen=True):
    """What is read of :class:`contract.MachineHealth`."""

    temperature_c: float | None = None
    under_voltage: bool | None = None
    clock_synchronised: bool | None = None


class Health(msgspec.Struct, frozen=True):
    """What is read of :class:`contract.HubHealth`, of whatever version."""

    software: str = ""
    queued: Annotated[int, msgspec.Meta(ge=0)] = 0
    oldest_queued_at: datetime | None = None
    at: datetime | None = None
    disk_free_bytes: int | None = None
    clock_ahead_s: float | None = None
    broker_connected: bool | None = None
    sensors: list[Sensor] = []
    machine: Machine | None = None

    @property
    def waited(self) -> timedelta:
        """For how long, by its own clock, the oldest of what it had not sent had waited."""
        if self.at is None or self.oldest_queued_at is None:
            return timedelta()
        return self.at - self.oldest_queued_at


def troubles(told: Health, *, silent: bool, refuses: bool) -> list[Trouble]:
    """What is the matter with a hub that a home has, what is worst first.

    Of one that is silent nothing else is said: what it last told may be long over.

    Args:
        told: Its last heartbeat; empty where none came.
        silent: Whether the centre found it so.
        refuses: Whether it does not run with its newest settings.
    """
    if silent:
        return [Trouble.SILENT]
    machine = told.machine or Machine()
    found = {
        Trouble.DEAF: told.broker_connected is False,
        Trouble.REFUSES: refuses,
        Trouble.FULL: (told.disk_free_bytes or LEAST_FREE_BYTES) < LEAST_FREE_BYTES,
        Trouble.WEAK: bool(machine.under_voltage),
        Trouble.CLOCK: machine.clock_synchronised is False
        or abs(told.clock_ahead_s or 0.0) > CLOCK_OFF_S,
        Trouble.UNSENT: told.waited > UNSENT,
        Trouble.HOT: (machine.temperature_c or 0.0) >= HOT_C,
        Trouble.SENSORS: any(one.wants_looking_at for one in told.sensors),
    }
    return [one for one, so in found.items() if so]
