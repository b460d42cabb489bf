"""What a dialect is: it turns a message of one kind of device network into readings."""

from enum import StrEnum
from typing import NamedTuple, Protocol


class Signal(StrEnum):
    """What a reading tells. The unit of its value stands behind each word."""

    OCCUPANCY = "occupancy"  # 1 something moves or weighs, 0 no longer
    PRESENCE = "presence"  # 1 somebody is there, 0 nobody
    OPEN = "open"  # 1 open, 0 closed
    POWER = "power"  # watts, now
    ENERGY = "energy"  # kilowatt-hours, ever rising
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
        at: When the device said it, in epoch seconds, where the message tells; else None.
        text: Which action, for :attr:`Signal.ACTION`.
    """

    device: str
    signal: Signal
    value: float
    at: float | None = None
    text: str = ""


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
