"""Shelly of the second generation and later: JSON-RPC notifications, and states by component.

`<prefix>/events/rpc` tells what has changed, with the time; `<prefix>/status/<component>` the whole
component, without it; `<prefix>/online` whether the device is there. A device tells its own name by
its topic prefix. A second component of a kind is `<prefix>/<component>`; a Bluetooth (BLU) sensor,
heard through a gateway that runs Shelly's script `ble-shelly-blu`, is its address.

https://shelly-api-docs.shelly.cloud/gen2/General/Notifications
"""

import re
from typing import Any

from gateway.dialects.fields import (
    Check,
    Gathering,
    below,
    bit,
    epoch,
    flag,
    json_if_any,
    json_object,
    levels_below,
    nothing,
    number_of,
    shown,
    state_word,
)
from gateway.dialects.news import LONGEST_NAME, Described, Met
from gateway.dialects.protocol import Decoded, DialectError, Occasion, Reading, Signal, Why

_ONLINE = {"true": 1.0, "false": 0.0}
_METER: dict[str, tuple[Signal, Check]] = {
    "apower": (Signal.POWER, number_of(Signal.POWER)),
    "aenergy.total": (Signal.ENERGY, number_of(Signal.ENERGY, 1000)),  # watt-hours
}
_CLAMP: dict[str, tuple[Signal, Check]] = {"act_power": (Signal.POWER, number_of(Signal.POWER))}
_CLAMP_DATA: dict[str, tuple[Signal, Check]] = {
    "total_act_energy": (Signal.ENERGY, number_of(Signal.ENERGY, 1000))
}
# What a component's fields tell. A plug's own temperature, within `switch`, is not the room's.
_COMPONENTS: dict[str, dict[str, tuple[Signal, Check]]] = {
    "switch": _METER,
    "pm1": _METER,
    "light": _METER,
    "cover": _METER,
    "em1": _CLAMP,
    "em1data": _CLAMP_DATA,
    "input": {"state": (Signal.SWITCH, flag)},
    "bthomesensor": {"value": (Signal.SWITCH, flag)},
    "presencezone": {"value": (Signal.PRESENCE, flag), "state": (Signal.PRESENCE, flag)},
    "flood": {"alarm": (Signal.WATER, flag)},
    "smoke": {"alarm": (Signal.SMOKE, flag)},
    "temperature": {"tC": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE))},
    "humidity": {"rh": (Signal.HUMIDITY, number_of(Signal.HUMIDITY))},
    "devicepower": {"battery.percent": (Signal.BATTERY, number_of(Signal.BATTERY))},
    "bthomedevice": {"battery": (Signal.BATTERY, number_of(Signal.BATTERY))},
}
_METHODS = {"NotifyStatus": Occasion.CHANGE, "NotifyFullStatus": Occasion.REPORT}
_FIRST = {"presencezone": "200"}  # numbers of components made later begin there
_SAME = {"em1data": "em1"}  # two components of one clamp
_PRESSED = ("input", "bthomedevice", "bthomesensor")
_PUSH = "_push"
_IDENTITY = re.compile(r"shelly[a-z0-9]*-[0-9a-f]{12}", re.IGNORECASE)  # make, and MAC address
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)
_HIGHEST_PID = 255  # of BTHome's packets, which begin again at 0

_PUSHES = {1: "single", 2: "double", 3: "triple", 4: "long", 128: "hold", 254: "hold"}
# https://bthome.io/format, by the names of the gateway's script
_BLU: dict[str, tuple[Signal, Check]] = {
    "window": (Signal.OPEN, bit),
    "door": (Signal.OPEN, bit),
    "motion": (Signal.OCCUPANCY, bit),
    "presence": (Signal.PRESENCE, bit),
    "vibration": (Signal.VIBRATION, bit),
    "moisture": (Signal.WATER, bit),
    "temperature": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE)),
    "humidity": (Signal.HUMIDITY, number_of(Signal.HUMIDITY)),
    "battery": (Signal.BATTERY, number_of(Signal.BATTERY)),
}


class Shelly:
    """Devices that speak for themselves.

    Args:
        base: What stands before each device's name in its topic prefix; may be nothing.
    """

    def __init__(self, base: str = "shelly") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        """What devices say; commands to them are not listened to."""
        return [f"{below(self._base)}+/{what}" for what in ("events/rpc", "status/+", "online")]

    @property
    def lists(self) -> list[str]:
        """None."""
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """A notification, or the state of a numbered component."""
        match topic.split("/"):
            case [*base, device, "events", "rpc"] if device:
                said = json_if_any(payload)
                sure = isinstance(said, dict) and str(said.get("method")).startswith("Notify")
            case [*base, device, "status", component] if device and ":" in component:
                said = json_if_any(payload)
                sure = isinstance(said, dict) and "id" in said
            case _:
                return None
        return "/".join(base) if sure else None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: It is not what its topic promises.
        """
        match levels_below(self._base, topic):
            case [device, "online"] if device:
                return Decoded([Reading(device, Signal.ONLINE, state_word(payload, _ONLINE))], [])
            case [device, "status", component] if device:
                found = Gathering(Occasion.REPORT)
                _component(device, component, json_object(payload), found)
                return found.decoded()
            case [device, "events", "rpc"] if device:
                return _notification(self._base, device, json_object(payload))
            case _:
                return nothing()


def _notification(network: str, device: str, frame: dict[str, Any]) -> Decoded:
    params = frame.get("params")
    if not isinstance(params, dict):
        raise DialectError(f"params must be an object, not {shown(params)}", Why.WRONG_TYPE)
    found = Gathering(_METHODS.get(str(frame.get("method")), Occasion.OPEN))
    if (ts := params.get("ts")) is not None:
        found.dated("ts", epoch(ts), ts, "seconds since 1970")
    if frame.get("method") == "NotifyEvent":
        events = params.get("events")
        if not isinstance(events, list):
            raise DialectError(f"events must be a list, not {shown(events)}", Why.WRONG_TYPE)
        for event in events:
            _event(device, event, found)
    else:
        for component, state in params.items():
            _component(device, component, state, found)
    return found.decoded(*_met(network, device, frame.get("src")))


def _met(network: str, device: str, source: Any) -> list[Met]:
    """Its own identity, such as `shellyplugsg3-d0cf13c6a1b4`; its topic prefix may be changed.

    Any other word might be the name of another device, and is passed over.
    """
    if not isinstance(source, str) or not _IDENTITY.fullmatch(source) or len(device) > LONGEST_NAME:
        return []
    address = source.lower()
    return [Met(network, Described(address, device, address.partition("-")[0], "Shelly"))]


def _component(device: str, component: str, state: Any, found: Gathering) -> None:
    """What is told of one component; what is absent has not changed."""
    kind = component.partition(":")[0]
    for path, (signal, check) in _COMPONENTS.get(kind, {}).items():
        value = state
        for key in path.split("."):
            if not isinstance(value, dict | None):
                found.complain(f"{kind} must hold {path}, not {shown(value)}")
                value = None
            value = None if value is None else value.get(key)
        if kind == "bthomesensor" and not isinstance(value, bool):
            continue  # a measure; of what, no notification says
        found.take(_called(device, component), f"{kind} {path}", signal, value, check)


def _event(device: str, event: Any, found: Gathering) -> None:
    if not isinstance(event, dict):
        found.complain(f"an event must be an object, not {shown(event)}")
        return
    name, component, data = event.get("event"), event.get("component"), event.get("data")
    if not isinstance(name, str) or not isinstance(component, str):
        found.complain("an event must have a name and a component, both texts")
    elif name == "shelly-blu":
        pid = data.get("pid") if isinstance(data, dict) else None
        found.packet = pid if isinstance(pid, int) and 0 <= pid <= _HIGHEST_PID else None
        _blu(data, found)
        found.packet = None
    elif name.endswith(_PUSH) and component.startswith(_PRESSED):
        found.action(_called(device, component), "event", name.removesuffix(_PUSH))


def _blu(data: Any, found: Gathering) -> None:
    """What a Bluetooth sensor said to the gateway."""
    address = data.get("address") if isinstance(data, dict) else None
    if not isinstance(address, str) or not _MAC.fullmatch(address):  # it may name another device
        found.complain(f"data of shelly-blu must have a MAC address, not {shown(address)}")
        return
    address = address.lower()
    for name, (signal, check) in _BLU.items():
        said = data.get(name)
        found.take(
            address, name, signal, said[0] if isinstance(said, list) and said else said, check
        )
    buttons = data.get("button")
    for push in buttons if isinstance(buttons, list) else [buttons]:
        if push in (None, 0):  # 0 says that nobody pressed
            continue
        if isinstance(push, bool) or not isinstance(push, int) or push not in _PUSHES:
            found.complain(f"button must be a number of presses, not {shown(push)}")
        else:
            found.action(address, "button", _PUSHES[push])


def _called(device: str, component: str) -> str:
    kind, _, number = component.partition(":")
    if number in ("", _FIRST.get(kind, "0")):
        return device
    return f"{device}/{_SAME.get(kind, kind)}:{number}"
