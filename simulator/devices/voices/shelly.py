"""Shelly of the second generation and later: one notification for what has changed.

A movement detector, a contact or a shaken cistern is wired to an input of a small module; a plug, a
thermometer and a presence radar are devices of their own.
"""

from collections.abc import Callable
from zlib import crc32

import msgspec

from gateway.dialects.protocol import Signal
from simulator.devices.message import Message
from simulator.devices.said import Raw, Said
from simulator.devices.voices.protocol import level, no_word, state_of

Status = dict[str, object]

_MODELS = {
    "switch": "shellyplugsg3",
    "presencezone": "shellypresenceg4",
    "temperature": "shellyhtg3",
    "humidity": "shellyhtg3",
}
_MODULE = "shellyplusuni"


class Shelly:
    """Speaks as devices do with RPC notifications on and status updates off."""

    tells_time = True

    def say(self, said: Said) -> list[Message]:
        """A notification, or the state that the broker keeps of whether the device is there.

        Raises:
            UntellableError: There is no component for it.
        """
        prefix = level(said.device)
        if Signal.ONLINE in said.values:
            word = b"true" if said.values[Signal.ONLINE] else b"false"
            return [Message(said.t, f"{prefix}/online", word, retain=True)]
        ts = round(said.t, 2)
        if said.text == "single":
            event = {"component": "input:0", "id": 0, "event": "single_push", "ts": ts}
            return [_notify(said, "NotifyEvent", _MODULE, {"ts": ts, "events": [event]})]
        components = {**_components(said), **_battery(said)}
        if not components:
            raise no_word("Shelly", said)
        model = _MODELS.get(next(iter(components)).partition(":")[0], _MODULE)
        return [_notify(said, "NotifyStatus", model, {"ts": ts, **components})]


def _notify(said: Said, method: str, model: str, params: dict[str, object]) -> Message:
    frame = {
        "src": f"{model}-{crc32(said.device.encode()):012x}",
        "dst": f"{said.device}/events",
        "method": method,
        "params": params,
    }
    return Message(said.t, f"{said.device}/events/rpc", msgspec.json.encode(frame))


def _components(said: Said) -> dict[str, Status]:
    found: dict[str, Status] = {}
    for signal, (component, status) in _COMPONENTS.items():
        if signal in said.values:
            found.setdefault(component, {"id": int(component.partition(":")[2])})
            found[component].update(status(said.values[signal]))
    if not found and (state := state_of(said)) is not None:
        found["input:0"] = {"id": 0, "state": bool(state)}
    return found


def _battery(said: Said) -> dict[str, Status]:
    if said.battery is None:
        return {}
    return {"devicepower:0": {"id": 0, "battery": {"percent": said.battery}}}


_COMPONENTS: dict[str, tuple[str, Callable[[float], Status]]] = {
    Signal.POWER: ("switch:0", lambda watts: {"apower": round(watts, 1)}),
    Raw.CURRENT: ("switch:0", lambda amperes: {"current": amperes}),
    Raw.VOLTAGE: ("switch:0", lambda volts: {"voltage": volts}),
    Signal.ENERGY: ("switch:0", lambda kwh: {"aenergy": {"total": round(kwh * 1000, 3)}}),
    Signal.TEMPERATURE: (
        "temperature:0",
        lambda warmth: {"tC": round(warmth, 1), "tF": round(warmth * 1.8 + 32, 1)},
    ),
    Signal.HUMIDITY: ("humidity:0", lambda share: {"rh": round(share, 1)}),
    Signal.PRESENCE: ("presencezone:200", lambda there: {"value": bool(there)}),
}
