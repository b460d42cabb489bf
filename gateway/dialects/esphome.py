"""ESPHome over MQTT: one bare value per message, on `<node>/<sort>/<object id>/state`.

Nothing in a message tells what the value means or when it was so. What it means, the last word of
the object id tells: `fridge_door` is a door, of the device `<node>/fridge`; `motion` alone is of
the node itself. A binary sensor of another name is a switch, `<node>/<object id>`. A reading counts
when the hub got it; what the broker had retained, as is usual here, is never an event.

https://esphome.io/components/mqtt.html
"""

import math
from typing import Any

from gateway.dialects.fields import (
    Check,
    Gathering,
    below,
    fahrenheit,
    json_object,
    levels_below,
    nothing,
    number_of,
    one_of,
    state_word,
    word,
)
from gateway.dialects.protocol import Decoded, DialectError, Reading, Signal, Why

_STATUS = {"online": 1.0, "offline": 0.0}
_STATES = one_of({"ON": 1.0, "OFF": 0.0})
_ENTITIES = frozenset(
    {"binary_sensor", "sensor", "event", "text_sensor", "switch", "light", "number", "cover"}
)
_UNKNOWN = frozenset({"nan", "unavailable", "unknown", ""})
_LONGEST_NUMBER = 40

_BINARY: dict[str, Signal] = {
    "motion": Signal.OCCUPANCY,
    "pir": Signal.OCCUPANCY,
    "occupancy": Signal.OCCUPANCY,
    "presence": Signal.PRESENCE,
    "door": Signal.OPEN,
    "window": Signal.OPEN,
    "contact": Signal.OPEN,
    "opening": Signal.OPEN,
    "vibration": Signal.VIBRATION,
    "moisture": Signal.WATER,
    "leak": Signal.WATER,
    "smoke": Signal.SMOKE,
    "battery_low": Signal.BATTERY_LOW,
    "low_battery": Signal.BATTERY_LOW,
}
# A state bears no unit. Power is in watts and temperature in degrees Celsius, as ESPHome's own
# components tell them, unless the name says otherwise. An energy is used only where its name tells
# the unit: there is no usual one, and a thousandfold slip would be believed.
_NUMBERS: dict[str, tuple[Signal, Check]] = {
    "power": (Signal.POWER, number_of(Signal.POWER)),
    "power_w": (Signal.POWER, number_of(Signal.POWER)),
    "power_kw": (Signal.POWER, number_of(Signal.POWER, 1 / 1000)),
    "energy_kwh": (Signal.ENERGY, number_of(Signal.ENERGY)),
    "energy_wh": (Signal.ENERGY, number_of(Signal.ENERGY, 1000)),
    "temperature": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE)),
    "temperature_c": (Signal.TEMPERATURE, number_of(Signal.TEMPERATURE)),
    "temperature_f": (Signal.TEMPERATURE, fahrenheit),
    "humidity": (Signal.HUMIDITY, number_of(Signal.HUMIDITY)),
    "gait_speed": (Signal.GAIT_SPEED, number_of(Signal.GAIT_SPEED)),
    "battery": (Signal.BATTERY, number_of(Signal.BATTERY)),
    "battery_level": (Signal.BATTERY, number_of(Signal.BATTERY)),
}
_BUTTONS = {"button": Signal.ACTION, "pendant": Signal.ACTION}


class EspHome:
    """Nodes that speak for themselves.

    Args:
        base: What stands before each node's name in its `topic_prefix`; may be nothing.
    """

    def __init__(self, base: str = "esphome") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        """States, never commands."""
        said = ("binary_sensor/+/state", "sensor/+/state", "event/+/state", "status")
        return [f"{below(self._base)}+/{what}" for what in said]

    @property
    def lists(self) -> list[str]:
        """None."""
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """The state of anything that a node may have, whether or not a hub listens to it."""
        del payload
        *base, node, sort, name, last = topic.split("/") if topic.count("/") > 2 else [""] * 4  # noqa: PLR2004 - node, sort, name, state
        known = node and name and sort in _ENTITIES and last == "state"
        return "/".join(base) if known else None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: It is not what its topic promises.
        """
        match levels_below(self._base, topic):
            case [node, "status"] if node:
                return Decoded([Reading(node, Signal.ONLINE, state_word(payload, _STATUS))], [])
            case [node, sort, name, "state"] if node and name and sort in _SORTS:
                found = Gathering()
                if word(payload) not in _UNKNOWN:
                    _SORTS[sort](node, name, payload, found)
                return found.decoded()
            case _:
                return nothing()


def _binary(node: str, name: str, payload: bytes, found: Gathering) -> None:
    device, signal = _meant(node, name, _BINARY) or (f"{node}/{name}", Signal.SWITCH)
    found.take(device, "state", signal, word(payload), _STATES)


def _number(node: str, name: str, payload: bytes, found: Gathering) -> None:
    meant = _meant(node, name, _NUMBERS)
    if meant is None:
        return  # of the many things that a node measures, one that no hub listens to
    device, (signal, check) = meant
    found.take(device, "state", signal, _float(word(payload)), check)


def _event(node: str, name: str, payload: bytes, found: Gathering) -> None:
    device, _ = _meant(node, name, _BUTTONS) or (f"{node}/{name}", Signal.ACTION)
    found.action(device, "event_type", json_object(payload).get("event_type"))


_SORTS = {"binary_sensor": _binary, "sensor": _number, "event": _event}


def _meant(node: str, name: str, words: dict[str, Any]) -> Any:
    """The device and what its last word means; None where that is no word known here."""
    for known, meaning in words.items():
        if name == known:
            return node, meaning
        if name.endswith(f"_{known}"):
            return f"{node}/{name.removesuffix(f'_{known}')}", meaning
    return None


def _float(text: str) -> float:
    try:
        value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DialectError("state must be a number", Why.WRONG_TYPE)
    return value
