"""How the household's devices say what happens: each in its own dialect, on its own topic.

Most speak the plain form. A door and a pendant speak through Zigbee2MQTT and a button by the bed is
a Shelly's, each message with its time. A Shelly's `status` and an ESPHome node bear none.
"""

import json
from collections.abc import Callable

from contract import SensorEvent

NETWORKS = "".join(
    f'\n[[networks]]\ndialect = "{name}"\n' for name in ("zigbee2mqtt", "shelly", "esphome")
)
"""What the settings say beside the plain form."""

Words = tuple[str, bytes]
"""A topic and what is said on it."""


def plain(number: int, event: SensorEvent) -> Words:
    """A message in the plain form with its number, which the hub passes over."""
    told = {"n": number, "kind": event.kind, "value": event.value, "at": event.at.isoformat()}
    if event.duration is not None:
        told["duration"] = event.duration
    if event.battery is not None:
        told["battery"] = event.battery
    return f"plain/{event.sensor}", _json(told)


def contact(_number: int, event: SensorEvent) -> Words:
    """A door through Zigbee2MQTT: the magnet touches, or does not."""
    told = {"contact": not event.value, "last_seen": event.at.isoformat()}
    return f"zigbee2mqtt/{event.sensor}", _json(told)


def pendant(_number: int, event: SensorEvent) -> Words:
    """A pendant through Zigbee2MQTT; `off` takes the call back."""
    told = {"action": "single" if event.value else "off", "last_seen": event.at.isoformat()}
    return f"zigbee2mqtt/{event.sensor}", _json(told)


def push(_number: int, event: SensorEvent) -> Words:
    """A button at a Shelly's input, as the device notifies of it."""
    ts = event.at.timestamp()
    pushed = {"component": "input:0", "id": 0, "event": "single_push", "ts": ts}
    told = {
        "src": event.sensor,
        "method": "NotifyEvent",
        "params": {"ts": ts, "events": [pushed]},
    }
    return f"shelly/{event.sensor}/events/rpc", _json(told)


def status(_number: int, event: SensorEvent) -> Words:
    """The state of a Shelly's component, without a time."""
    return f"shelly/{event.sensor}/status/humidity:0", _json({"id": 0, "rh": event.value})


def bare(_number: int, event: SensorEvent) -> Words:
    """An ESPHome node's figure, without a time."""
    return f"esphome/{event.sensor}/sensor/temperature/state", str(event.value).encode()


_SPEAKS: dict[str, Callable[[int, SensorEvent], Words]] = {
    "front_door-opening": contact,
    "pendant-button": pendant,
    "bedside-button": push,
    "bathroom-humidity": status,
    "lounge-temperature": bare,
}

UNDATED = frozenset({"bathroom-humidity", "lounge-temperature"})
"""Sensors whose messages bear no time."""


def worded(number: int, event: SensorEvent) -> Words:
    """What a device says of an event, by the message's number in the story."""
    return _SPEAKS.get(event.sensor, plain)(number, event)


def _json(told: object) -> bytes:
    return json.dumps(told).encode()
