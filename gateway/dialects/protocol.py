"""What a dialect is: it turns a message of one kind of device network into readings."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol


class Signal(StrEnum):
    """What a reading tells. The unit of its value stands behind each word."""

    OCCUPANCY = "occupancy"  # 1 something moves or weighs, 0 no longer
    PRESENCE = "presence"  # 1 somebody is there, 0 nobody
    OPEN = "open"  # 1 open, 0 closed
    SWITCH = "switch"  # 1 on, 0 off; what that means, the sensor's kind says
    POWER = "power"  # watts, now
    ENERGY = "energy"  # kilowatt-hours, ever rising
    USE = "use"  # watt-hours of a use that is over; `seconds` says how long it was
    ACTION = "action"  # 1; `text` says which
    VIBRATION = "vibration"  # 1 shaken, 0 no longer
    WATER = "water"  # 1 wet, 0 dry
    TEMPERATURE = "temperature"  # degrees Celsius
    HUMIDITY = "humidity"  # per cent
    GAIT_SPEED = "gait_speed"  # m/s
    BATTERY = "battery"  # per cent
    BATTERY_LOW = "battery_low"  # 1 the device says so, 0 it does not
    LINK_QUALITY = "link_quality"  # 0 to 255
    ONLINE = "online"  # 1 reachable, 0 not


class Reading(NamedTuple):
    """One thing one device said.

    Attributes:
        device: Its name in the dialect.
        signal: What it tells.
        value: In the unit of the signal.
        at: When the device said it, in epoch seconds, where the message tells; else None, and the
            reading counts when the hub got it.
        text: Which action, for :attr:`Signal.ACTION`.
        seconds: How long it lasted, for :attr:`Signal.USE`, where the message tells.
        no_offset: The message told a time without its offset from UTC. It may be hours off, so it
            is not used: `at` is None.
        said: What the device's own clock said, where that is not `at`.
    """

    device: str
    signal: Signal
    value: float
    at: float | None = None
    text: str = ""
    seconds: float | None = None
    no_offset: bool = False
    said: float | None = None

    @property
    def stamp(self) -> float | None:
        """By the device's own clock, right or wrong: what is said again bears it again."""
        return self.at if self.said is None else self.said


class Decoded(NamedTuple):
    """What is in one message.

    Attributes:
        readings: What it tells; none where the message is not about a device.
        problems: Fields that could not be used, one sentence each; the others stand.
    """

    readings: list[Reading]
    problems: list[str]


class DialectError(ValueError):
    """A message of which nothing can be used. The sentence says why."""


class Dialect(Protocol):
    """Speaks for one kind of device network. Pure: the same message gives the same readings."""

    @property
    def topics(self) -> list[str]:
        """What to subscribe to."""
        ...

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: Nothing in it can be used.
        """
        ...


def by_device(readings: Iterable[Reading]) -> list[list[Reading]]:
    """The readings of one message, those of each device and moment together, in order."""
    groups: dict[tuple[str, float | None], list[Reading]] = {}
    for reading in readings:
        groups.setdefault((reading.device, reading.at), []).append(reading)
    return list(groups.values())
