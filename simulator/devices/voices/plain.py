"""Plain: a finished event as JSON, in the contract's own form, without the home and the place."""

import msgspec

from contract import Kind
from gateway.dialects.protocol import Signal
from simulator.devices.message import Message, iso
from simulator.devices.said import Said
from simulator.devices.voices.protocol import first, level, no_word, state_of

_PULSES = frozenset({Kind.MOTION, Kind.FLUSH})
_STATES = frozenset({Kind.OPENING, Kind.PRESENCE})
_MEASURES = (Signal.TEMPERATURE, Signal.HUMIDITY, Signal.GAIT_SPEED)


class Plain:
    """Speaks only when something has happened: a movement's end and a plug's watts are nothing."""

    tells_time = True

    def say(self, said: Said) -> list[Message]:
        """One message for an event, and none for what is not one.

        Raises:
            UntellableError: It is of a kind that the contract does not know.
        """
        if said.joins or (said.kind in _PULSES and state_of(said) == 0) or _is_midst(said):
            return []
        value = _value(said)
        if value is None:
            raise no_word("the plain form", said)
        told: dict[str, object] = {"kind": said.kind, "value": value, "at": iso(said.t)}
        if said.seconds is not None:
            told["duration"] = said.seconds
        if said.battery is not None:
            told["battery"] = said.battery
        return [Message(said.t, level(said.device), msgspec.json.encode(told))]


def _is_midst(said: Said) -> bool:
    """Whether it is a plug in the midst of a use, or between two."""
    return Signal.POWER in said.values and Signal.USE not in said.values


def _value(said: Said) -> float | None:
    if said.kind in _PULSES | _STATES:
        return state_of(said)
    match said.kind:
        case Kind.APPLIANCE:
            return said.values.get(Signal.USE)
        case Kind.BUTTON:
            return 0 if said.text == "cancel" else 1
        case Kind.LINK:
            return said.values.get(Signal.ONLINE, 1)
        case _:
            return first(said, _MEASURES)
