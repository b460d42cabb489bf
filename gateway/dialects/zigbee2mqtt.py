"""Zigbee2MQTT: one JSON object per message, on `<base>/<device>`.

Payloads: https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html. What the bridge says
of itself, on `<base>/bridge/...`, is :mod:`gateway.dialects.zigbee2mqtt_bridge`'s.
"""

import re
from typing import Any

from gateway.dialects import zigbee2mqtt_bridge as bridge
from gateway.dialects.fields import (
    Check,
    Gathering,
    below,
    epoch,
    flag,
    instant,
    json_object,
    not_flag,
    nothing,
    number_of,
    shown,
    word,
)
from gateway.dialects.protocol import Decoded, Ignored, Reading, Signal

_AVAILABILITY = "/availability"
_ACTION = "/action"
_WORD = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.-]*")
_COMMANDS = ("set", "get")
_ENDPOINT = "_l"
_NUMBERS = frozenset("12345678")
_TIMES = "ISO 8601 with an offset, or milliseconds since 1970"

# The fields that matter to a hub.
_FIELDS: dict[str, tuple[Signal, Check]] = {
    "occupancy": (Signal.OCCUPANCY, flag),
    "presence": (Signal.PRESENCE, flag),
    "contact": (Signal.OPEN, not_flag),  # the magnet touches: closed
    "power": (Signal.POWER, number_of(Signal.POWER)),
    "energy": (Signal.ENERGY, number_of(Signal.ENERGY)),
    "vibration": (Signal.VIBRATION, flag),
    "water_leak": (Signal.WATER, flag),
    "smoke": (Signal.SMOKE, flag),
    "temperature": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE)),
    "humidity": (Signal.HUMIDITY, number_of(Signal.HUMIDITY)),
    "gait_speed": (Signal.GAIT_SPEED, number_of(Signal.GAIT_SPEED)),
    "battery": (Signal.BATTERY, number_of(Signal.BATTERY)),
    "battery_low": (Signal.BATTERY_LOW, flag),
    "linkquality": (Signal.LINK_QUALITY, number_of(Signal.LINK_QUALITY)),
}


class Zigbee2Mqtt:
    """Devices that speak through Zigbee2MQTT.

    Args:
        base: Its base topic.
    """

    def __init__(self, base: str = "zigbee2mqtt") -> None:
        self._base = base
        self._prefix = below(base)

    @property
    def topics(self) -> list[str]:
        """Everything under the base topic: device names may hold slashes."""
        return [f"{self._prefix}#"]

    @property
    def lists(self) -> list[str]:
        """The bridge's list of its devices, with all that each may tell."""
        return [f"{self._prefix}{bridge.DEVICES}"]

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """The bridge's own topics, which it leaves with the broker, are a sure sign."""
        del payload
        return bridge.base_of(topic)

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: It is no JSON object, or (availability, the bridge) not what it should be.
        """
        if not topic.startswith(self._prefix):
            return nothing()
        device = topic.removeprefix(self._prefix)
        first, _, rest = device.partition("/")
        if first == bridge.NAME:
            return bridge.decode(self._base, rest, payload)
        if not device:
            return nothing()
        if device.endswith(_AVAILABILITY):
            return _availability(device.removesuffix(_AVAILABILITY), payload)
        if any(level in _COMMANDS for level in rest.split("/")):
            return nothing(Ignored.COMMAND)
        return _said(device, payload)


def _state(device: str, document: dict[str, Any]) -> Decoded:
    found = Gathering()
    if (last_seen := document.get("last_seen")) is not None:
        found.dated("last_seen", _epoch(last_seen), last_seen, _TIMES)
    for name, (signal, check) in _FIELDS.items():
        found.take(device, name, signal, document.get(name), check)
    _of_endpoints(device, document, found)
    pressed = document.get("action")  # version 1 clears it by an empty one
    found.action(device, "action", document.get("click") if pressed is None else pressed)
    _call(device, document.get("sos"), found)
    return found.decoded()


def _call(device: str, sos: Any, found: Gathering) -> None:
    """The press of an SOS button that knows no actions. Some never say that it is over."""
    if isinstance(sos, bool):
        found.action(device, "sos", "sos" if sos else "release")
    elif sos is not None:
        found.complain(f"sos must be true or false, not {shown(sos)}")


def _said(device: str, payload: bytes) -> Decoded:
    """What a device says; a bare word is a press, told beside the message that has all of it."""
    if not device.endswith(_ACTION) or not _WORD.fullmatch(payload):
        return _state(device, json_object(payload))
    found = Gathering()
    found.action(device.removesuffix(_ACTION), "action", word(payload))
    return found.decoded()


def _availability(device: str, payload: bytes) -> Decoded:
    """`{"state":"online"}`, or the bare word of version 1."""
    return Decoded([Reading(device, Signal.ONLINE, bridge.state(payload))], [])


def _of_endpoints(device: str, document: dict[str, Any], found: Gathering) -> None:
    """What one of several sockets tells: the first, unless all together tell it, is the device."""
    for key, value in document.items():
        name, apart, number = key.rpartition(_ENDPOINT)
        if apart and number in _NUMBERS and name in _FIELDS:
            first = number == "1" and name not in document
            signal, check = _FIELDS[name]
            found.take(device if first else f"{device}/l{number}", name, signal, value, check)


def _epoch(value: Any) -> float | None:
    """As `last_seen` is configured."""
    return instant(value) if isinstance(value, str) else epoch(value, 1000)
