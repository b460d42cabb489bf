"""What a device tells at one time, before anybody has put it into words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from contract import SensorEvent


class Raw(StrEnum):
    """What devices tell besides, and no hub needs. The unit stands behind each word."""

    CURRENT = "current"  # amperes
    VOLTAGE = "voltage"  # volts
    PRESSURE = "pressure"  # of a mat, in steps of its converter


class Said(NamedTuple):
    """What one device tells at one time.

    Attributes:
        t: Epoch seconds, to the millisecond.
        device: Its name.
        kind: Of the events that it is for, one of :class:`contract.Kind`.
        values: By :class:`gateway.dialects.protocol.Signal` or :class:`Raw`, in its unit.
        text: Which action, where it tells one.
        battery: Per cent, where it tells of that too.
        seconds: How long the use was that it tells as a whole.
        joins: It says how it stands as it joins; nothing has happened.
    """

    t: float
    device: str
    kind: str
    values: Mapping[str, float]
    text: str = ""
    battery: float | None = None
    seconds: float | None = None
    joins: bool = False


def instant(event: SensorEvent) -> float:
    """When the event happened, in epoch seconds, to the millisecond that devices tell."""
    return round(event.at.timestamp(), 3)
