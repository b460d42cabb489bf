"""One MQTT message of a Zigbee device, and the fields that devices share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from contract import SensorEvent

Value = str | int | float | bool
Fields = Mapping[str, Value]

_LINK_QUALITY = 120


class Message(NamedTuple):
    """What one device says at one time.

    Attributes:
        t: Epoch seconds, to the millisecond.
        topic: Below the base topic, such as `bathroom-pir` or `bathroom-pir/availability`.
        payload: JSON.
        retain: Whether the broker keeps it for whoever subscribes later.
    """

    t: float
    topic: str
    payload: bytes
    retain: bool = False


def state(t: float, device: str, fields: Fields, battery: float | None = None) -> Message:
    """What a device has just told, as Zigbee2MQTT publishes it with `last_seen: ISO_8601`.

    With `cache_state: false`, as hubs are shipped, that is what the device told this time and no
    more: its battery only where it told of that too. The fields stand in alphabetical order, so
    that the same words give the same bytes.
    """
    said: dict[str, Value] = {**fields, "last_seen": _iso(t), "linkquality": _LINK_QUALITY}
    if battery is not None:
        said["battery"] = battery
    return Message(t, device, msgspec.json.encode(dict(sorted(said.items()))))


def instant(event: SensorEvent) -> float:
    """When the event happened, in epoch seconds, to the millisecond that devices tell."""
    return round(event.at.timestamp(), 3)


def _iso(t: float) -> str:
    at = datetime.fromtimestamp(round(t * 1000) / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{round(at.microsecond / 1000):03}Z"
