"""Tasmota: telemetry as JSON on `tele/<topic>/SENSOR`, actions on `stat/<topic>/RESULT`.

`Time` bears no offset from UTC unless the device is told to (`SetOption52 1`). Without one it may
be hours off, so a reading then counts when the hub got it, and says so. A switch is what is wired
to it: a movement detector, a contact, a float. The first of several stands for the device itself,
a further one is `<topic>/Switch2`; likewise thermometers, and sockets that measure. A Zigbee sensor
behind a bridge is `<bridge>/<its name>`, or `<bridge>/0x4A12` until it is given one (`ZbName`).

https://tasmota.github.io/docs/MQTT/, https://tasmota.github.io/docs/Buttons-and-Switches/,
https://tasmota.github.io/docs/Zigbee/
"""

import re
from typing import Any

from gateway.dialects.fields import (
    Check,
    Gathering,
    below,
    bit,
    epoch,
    fahrenheit,
    instant,
    iso,
    json_object,
    levels_below,
    nothing,
    number_of,
    one_of,
    shown,
    state_word,
)
from gateway.dialects.protocol import Decoded, Occasion, Reading, Signal

_WILL = {"Online": 1.0, "Offline": 0.0}
_SWITCH = re.compile(r"Switch[1-9][0-9]?")
_BUTTON = re.compile(r"Button[1-9][0-9]?")
_STATES = one_of({"ON": 1.0, "OFF": 0.0})
_TELEMETRY = frozenset({"SENSOR", "STATE", "LWT", "INFO1", "INFO2", "INFO3"})
_ANSWERS = frozenset({"RESULT", "STATUS", "STATUS8", "STATUS10", "POWER", "POWER1"})
# What comes once a button that was held is let go, and of a switch that tells no state.
_PRESSED = {"CLEAR": "release", "TOGGLE": "on"}
_TIMES = "ISO 8601, or seconds since 1970"
_CHIP = "ESP32"  # tells its own warmth, not the room's
_AIR = {"Temperature": Signal.TEMPERATURE, "Humidity": Signal.HUMIDITY}
_METER = {"Power": Signal.POWER, "Total": Signal.ENERGY}


_ZIGBEE: dict[str, tuple[Signal, Check]] = {
    "Occupancy": (Signal.OCCUPANCY, bit),
    "Contact": (Signal.OPEN, bit),  # 1 is open: the other way round than Zigbee2MQTT
    "Water": (Signal.WATER, bit),
    "Fire": (Signal.SMOKE, bit),
    "Temperature": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE)),
    "Humidity": (Signal.HUMIDITY, number_of(Signal.HUMIDITY)),
    "BatteryPercentage": (Signal.BATTERY, number_of(Signal.BATTERY)),
    "LinkQuality": (Signal.LINK_QUALITY, number_of(Signal.LINK_QUALITY)),
}


class Tasmota:
    """Devices with their usual `FullTopic`, `%prefix%/%topic%/`.

    Args:
        base: What stands before it; may be nothing.
    """

    def __init__(self, base: str = "tasmota") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        """Telemetry, its answers to `Status`, and actions; never commands."""
        telemetry = ("tele/+/SENSOR", "tele/+/LWT", "tele/+/+/SENSOR")
        answers = ("stat/+/RESULT", "stat/+/STATUS8", "stat/+/STATUS10")
        return [f"{below(self._base)}{what}" for what in (*telemetry, *answers)]

    @property
    def lists(self) -> list[str]:
        """None."""
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """Its prefixes and its words in capitals."""
        del payload
        match topic.split("/"):
            case [*base, "tele", device, last] if device and last in _TELEMETRY:
                return "/".join(base)
            case [*base, "tele", device, _, "SENSOR"] if device:
                return "/".join(base)
            case [*base, "stat", device, last] if device and last in _ANSWERS:
                return "/".join(base)
            case _:
                return None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: It is not what its topic promises.
        """
        match levels_below(self._base, topic):
            case ["tele", device, "LWT"] if device:
                return Decoded([Reading(device, Signal.ONLINE, state_word(payload, _WILL))], [])
            case ["tele", device, "SENSOR"] if device:
                return _sensors(device, json_object(payload))
            case ["tele", bridge, name, "SENSOR"] if bridge and name:  # SetOption89 1
                found = Gathering()
                _zigbee(bridge, json_object(payload).get("ZbReceived"), found)
                return found.decoded()
            case ["stat", device, "STATUS8" | "STATUS10"] if device:
                return _sensors(device, json_object(payload).get("StatusSNS"))
            case ["stat", device, "RESULT"] if device:
                return _actions(device, json_object(payload))
            case _:
                return nothing()


def _sensors(device: str, document: Any) -> Decoded:
    found = Gathering(Occasion.REPORT)
    if not isinstance(document, dict):
        found.complain(f"StatusSNS must be an object, not {shown(document)}")
        return found.decoded()
    if (time := document.get("Time")) is not None:
        _date(time, found)
    for key, value in document.items():
        if _SWITCH.fullmatch(key):
            found.take(_called(device, key), "Switch", Signal.SWITCH, value, _STATES)
    _meter(device, document.get("ENERGY"), found)
    _air(device, document, found)
    found.occasion = Occasion.OPEN  # whatever is read beside it, that came just then
    _zigbee(device, document.get("ZbReceived"), found)
    return found.decoded()


def _date(time: Any, found: Gathering) -> None:
    moment = iso(time)
    if moment is not None and moment.tzinfo is None:
        found.no_offset = True
    else:
        seconds = instant(time) if isinstance(time, str) else epoch(time)
        found.dated("Time", seconds, time, _TIMES)


def _meter(device: str, said: Any, found: Gathering) -> None:
    """What a plug measures; one of several sockets tells lists.

    A total that several sockets share belongs to none of them.
    """
    if not isinstance(said, dict):
        return
    shared = isinstance(said.get("Power"), list) and not isinstance(said.get("Total"), list)
    for name, signal in _METER.items():
        value = said.get(name)
        if signal is Signal.ENERGY and shared:
            continue
        for socket, one in enumerate(value if isinstance(value, list) else [value], start=1):
            called = device if socket == 1 else f"{device}/Power{socket}"
            found.take(called, f"ENERGY {name}", signal, one, number_of(signal))


def _zigbee(bridge: str, received: Any, found: Gathering) -> None:
    """What a Zigbee bridge that runs Tasmota heard: by address, or by name where one was given.

    Its messages bear no time. Powers are left out: their unit is each device's own.
    """
    if received is None:
        return
    if not isinstance(received, dict):
        found.complain(f"ZbReceived must be an object, not {shown(received)}")
        return
    for address, said in received.items():
        if not isinstance(said, dict):
            found.complain(f"a device in ZbReceived must be an object, not {shown(said)}")
            continue
        name = said.get("Name")
        called = f"{bridge}/{name.strip() if isinstance(name, str) and name.strip() else address}"
        for key, (signal, check) in _ZIGBEE.items():
            found.take(called, key, signal, said.get(key), check)
        found.action(called, "Click", said.get("Click"))


def _air(device: str, document: dict[str, Any], found: Gathering) -> None:
    """Thermometers and hygrometers: the first that tells a thing stands for the device."""
    in_fahrenheit = document.get("TempUnit") == "F"
    first = set(_AIR.values())
    for key, said in document.items():
        if not isinstance(said, dict) or key == _CHIP:
            continue
        for name, signal in _AIR.items():
            if said.get(name) is None:
                continue
            called = device if signal in first else f"{device}/{key}"
            first.discard(signal)
            if signal is Signal.TEMPERATURE and in_fahrenheit:
                found.take(called, name, signal, said[name], fahrenheit)
            else:
                found.take(called, name, signal, said[name], number_of(signal))


def _actions(device: str, document: dict[str, Any]) -> Decoded:
    """`{"Button1":{"Action":"SINGLE"}}`, `{"Switch1":{"Action":"ON"}}`; other answers are none."""
    found = Gathering(Occasion.CHANGE)
    for key, said in document.items():
        action = said.get("Action") if isinstance(said, dict) else None
        if action is None:
            continue
        if _SWITCH.fullmatch(key) and action in ("ON", "OFF"):
            found.take(_called(device, key), "Switch", Signal.SWITCH, action, _STATES)
        elif _SWITCH.fullmatch(key) or _BUTTON.fullmatch(key):
            if isinstance(action, str):
                action = _PRESSED.get(action, action.lower())
            found.action(_called(device, key), key.rstrip("0123456789"), action)
    return found.decoded()


def _called(device: str, key: str) -> str:
    return device if key.endswith(("Switch1", "Button1")) else f"{device}/{key}"
