"""Zigbee2MQTT: one JSON object per message, on `<base>/<device>`.

Payloads: https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from gateway.dialects.protocol import Decoded, DialectError, Reading, Signal

_AVAILABILITY = "/availability"
_NOT_DEVICES = ("bridge",)
_COMMANDS = ("/set", "/get")
_STATES = {"online": 1.0, "offline": 0.0}
_HUGE = 1e18  # beyond it a number is only noise, and may not even fit a float
_EARLIEST, _LATEST = 946_684_800.0, 4_102_444_800.0  # the years 2000 and 2100

Check = Callable[[Any], float]


class _WrongError(ValueError):
    """A field holds what it cannot hold. The sentence says what it may."""


def _flag(value: Any) -> float:
    if not isinstance(value, bool):
        raise _WrongError(f"must be true or false, not {_shown(value)}")
    return float(value)


def _not_flag(value: Any) -> float:
    return 1.0 - _flag(value)


def _number(low: float, high: float) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _WrongError(f"must be a number, not {_shown(value)}")
        if not low <= value <= high:
            raise _WrongError(f"must be from {low:g} to {high:g}, not {_shown(value)}")
        return float(value)

    return check


# The fields that matter to a hub; ranges refuse nonsense, not the unusual.
_FIELDS: dict[str, tuple[Signal, Check]] = {
    "occupancy": (Signal.OCCUPANCY, _flag),
    "presence": (Signal.PRESENCE, _flag),
    "contact": (Signal.OPEN, _not_flag),  # the magnet touches: closed
    "power": (Signal.POWER, _number(-100, 20_000)),  # metering chips drift a little below zero
    "energy": (Signal.ENERGY, _number(0, 1e7)),
    "vibration": (Signal.VIBRATION, _flag),
    "water_leak": (Signal.WATER, _flag),
    "temperature": (Signal.TEMPERATURE, _number(-40, 85)),
    "humidity": (Signal.HUMIDITY, _number(0, 100)),
    "gait_speed": (Signal.GAIT_SPEED, _number(0, 5)),
    "battery": (Signal.BATTERY, _number(0, 100)),
    "battery_low": (Signal.BATTERY_LOW, _flag),
    "linkquality": (Signal.LINK_QUALITY, _number(0, 255)),
}


class Zigbee2Mqtt:
    """Devices that speak through Zigbee2MQTT.

    Args:
        base: Its base topic.
    """

    def __init__(self, base: str = "zigbee2mqtt") -> None:
        self._prefix = f"{base}/"

    @property
    def topics(self) -> list[str]:
        """Everything under the base topic: device names may hold slashes."""
        return [f"{self._prefix}#"]

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message; none of the bridge's own, and no command, is about a person.

        Raises:
            DialectError: It is no JSON object, or (availability) not a known state.
        """
        device = topic.removeprefix(self._prefix)
        if device == topic or device.split("/", 1)[0] in _NOT_DEVICES:
            return Decoded([], [])
        if device.endswith(_AVAILABILITY):
            return _availability(device.removesuffix(_AVAILABILITY), payload)
        if any(command in f"{device}/" for command in (f"{one}/" for one in _COMMANDS)):
            return Decoded([], [])
        return _state(device, _object(payload))


def _object(payload: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DialectError(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise DialectError(f"must be a JSON object, not {_shown(document)}")
    return document


def _state(device: str, document: dict[str, Any]) -> Decoded:
    problems: list[str] = []
    at = _last_seen(document.get("last_seen"), problems)
    readings: list[Reading] = []
    for name, (signal, check) in _FIELDS.items():
        value = document.get(name)
        if value is None:  # absent, or not known to the bridge
            continue
        try:
            readings.append(Reading(device, signal, check(value), at))
        except _WrongError as error:
            problems.append(f"{name} {error}")
    readings += _action(device, document.get("action"), at, problems)
    return Decoded(readings, problems)


def _action(device: str, value: Any, at: float | None, problems: list[str]) -> list[Reading]:
    if value is None or value == "":  # version 1 clears an action by an empty one
        return []
    if not isinstance(value, str):
        problems.append(f"action must be a text, not {_shown(value)}")
        return []
    return [Reading(device, Signal.ACTION, 1.0, at, value[:64])]


def _availability(device: str, payload: bytes) -> Decoded:
    """`{"state":"online"}`, or the bare word of version 1."""
    word: Any = payload.strip().decode("ascii", "replace")
    if word not in _STATES:
        word = _object(payload).get("state")
    if not isinstance(word, str) or word not in _STATES:
        raise DialectError(f"state must be online or offline, not {_shown(word)}")
    return Decoded([Reading(device, Signal.ONLINE, _STATES[word])], [])


def _last_seen(value: Any, problems: list[str]) -> float | None:
    """ISO 8601 with an offset, or milliseconds since 1970, as `last_seen` is configured."""
    if value is None:
        return None
    seconds = _epoch(value)
    if seconds is None or not _EARLIEST <= seconds <= _LATEST:
        problems.append(
            "last_seen must be ISO 8601 with an offset, or milliseconds since 1970, "
            f"not {_shown(value)}"
        )
        return None
    return seconds


def _epoch(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return moment.timestamp() if moment.tzinfo else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / 1000 if abs(value) < _HUGE else None
    return None


def _shown(value: Any) -> str:
    """What stands there, without repeating what a person may have written into it."""
    if isinstance(value, bool | int | float) and abs(value) < _HUGE:
        return f"{value!r}"
    return {str: "a text", list: "a list", dict: "an object", type(None): "null"}.get(
        type(value), "something else"
    )
