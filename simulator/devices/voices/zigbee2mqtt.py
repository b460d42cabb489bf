"""Zigbee2MQTT, set as a hub wants it: what a device told this time and no more, with its time."""

from collections.abc import Callable

import msgspec

from gateway.dialects.protocol import Signal
from simulator.devices.message import Message, iso
from simulator.devices.said import Raw, Said
from simulator.devices.voices.protocol import no_word

Value = str | int | float | bool

_LINK_QUALITY = 120
_PRESSED = 1000  # a mat with somebody on it


def _as_it_is(value: float) -> Value:
    return value


def _not(value: float) -> Value:
    return not value


_FIELDS: dict[str, tuple[str, Callable[[float], Value]]] = {
    Signal.OCCUPANCY: ("occupancy", bool),
    Signal.PRESENCE: ("presence", bool),
    Signal.OPEN: ("contact", _not),  # the magnet touches: closed
    Signal.VIBRATION: ("vibration", bool),
    Signal.WATER: ("water_leak", bool),
    Signal.POWER: ("power", _as_it_is),
    Signal.ENERGY: ("energy", _as_it_is),
    Signal.TEMPERATURE: ("temperature", _as_it_is),
    Signal.HUMIDITY: ("humidity", _as_it_is),
    Signal.GAIT_SPEED: ("gait_speed", _as_it_is),
    Raw.CURRENT: ("current", _as_it_is),
    Raw.VOLTAGE: ("voltage", _as_it_is),
    Raw.PRESSURE: ("illuminance", _as_it_is),
}


class Zigbee2Mqtt:
    """Speaks as version 2 does with `last_seen: ISO_8601` and `cache_state: false`.

    The fields stand in alphabetical order, so that the same words give the same bytes.
    """

    tells_time = True

    def say(self, said: Said) -> list[Message]:
        """One message on the device's own topic, or its availability, which the broker keeps.

        Raises:
            UntellableError: There is no field for it.
        """
        if Signal.ONLINE in said.values:
            word = b'{"state":"online"}' if said.values[Signal.ONLINE] else b'{"state":"offline"}'
            return [Message(said.t, f"{said.device}/availability", word, retain=True)]
        fields = _fields(said)
        if not fields:
            raise no_word("Zigbee2MQTT", said)
        fields |= {"last_seen": iso(said.t), "linkquality": _LINK_QUALITY}
        return [Message(said.t, said.device, msgspec.json.encode(dict(sorted(fields.items()))))]


def _fields(said: Said) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for signal, value in said.values.items():
        if (known := _FIELDS.get(signal)) is not None:
            name, word = known
            fields[name] = word(value)
    if Signal.ACTION in said.values:
        fields["action"] = said.text
    if Signal.POWER in said.values:
        fields["state"] = "ON"
    if Raw.PRESSURE in said.values:
        pressed = said.values[Raw.PRESSURE] > _PRESSED
        fields["work_state"] = "presence_5min" if pressed else "none"
    if said.battery is not None:
        fields["battery"] = said.battery
    return fields
