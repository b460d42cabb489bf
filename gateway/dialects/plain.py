"""Plain: the contract's own form, one finished event as JSON per message, on `<base>/<sensor>`.

For devices that can be programmed, and bridges that already know what happened. The fields are
those of :class:`contract.SensorEvent`; `kind` and `value` are needed, `at`, `duration` and
`battery` are not, and whatever else a recording's line holds is passed over.
"""

from collections.abc import Callable
from typing import Any

from contract import Kind
from contract.events import VALUES
from gateway.dialects.fields import (
    FieldError,
    Gathering,
    below,
    instant,
    json_if_any,
    json_object,
    levels_below,
    nothing,
    number,
    number_of,
    shown,
)
from gateway.dialects.protocol import Decoded, DialectError, Occasion, Signal, Why

_LONGEST_S = 86_400.0
_BOTH = (0.0, 1.0)
_CHOICES = frozenset({Kind.OPENING, Kind.PRESENCE, Kind.BUTTON, Kind.LINK})
_PULSES: dict[str, Signal] = {Kind.MOTION: Signal.OCCUPANCY, Kind.FLUSH: Signal.VIBRATION}
_STATES: dict[str, Signal] = {
    Kind.OPENING: Signal.OPEN,
    Kind.PRESENCE: Signal.PRESENCE,
    Kind.TEMPERATURE: Signal.TEMPERATURE,
    Kind.HUMIDITY: Signal.HUMIDITY,
    Kind.GAIT_SPEED: Signal.GAIT_SPEED,
    Kind.LINK: Signal.ONLINE,
}
_PRESSES = {1.0: "single", 0.0: "cancel"}

Say = Callable[[str, str, float, dict[str, Any], Gathering], None]


class Plain:
    """Devices that tell events.

    Args:
        base: What stands before a sensor's name.
    """

    def __init__(self, base: str = "plain") -> None:
        self._base = base

    @property
    def topics(self) -> list[str]:
        """One level: a sensor's name holds no slash here."""
        return [f"{below(self._base)}+"]

    @property
    def lists(self) -> list[str]:
        """None."""
        return []

    def base_of(self, topic: str, payload: bytes) -> str | None:
        """An object with a kind that is one, and a number for a value."""
        base, _, sensor = topic.rpartition("/")
        said = json_if_any(payload)
        if not sensor or not isinstance(said, dict) or not isinstance(said.get("kind"), str):
            return None
        number = isinstance(said.get("value"), int | float)
        return base if number and said["kind"] in VALUES else None

    def decode(self, topic: str, payload: bytes) -> Decoded:
        """Reads one message.

        Raises:
            DialectError: It is no event.
        """
        levels = levels_below(self._base, topic)
        if len(levels) != 1 or not levels[0]:
            return nothing()
        return _event(levels[0], json_object(payload))


def _event(sensor: str, document: dict[str, Any]) -> Decoded:
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in VALUES:
        why = Why.UNKNOWN_WORD if isinstance(kind, str) else Why.WRONG_TYPE
        raise DialectError(f"kind must be one of {', '.join(VALUES)}, not {shown(kind)}", why)
    found = Gathering(Occasion.CHANGE)
    if (at := document.get("at")) is not None:
        found.dated("at", instant(at), at, "ISO 8601 with an offset")
    try:
        value = number(*VALUES[kind])(document.get("value"))
    except FieldError as error:
        raise DialectError(f"value {error}", error.why) from error
    if kind in _CHOICES and value not in _BOTH:
        raise DialectError(f"value must be 0 or 1, not {shown(value)}", Why.OUT_OF_RANGE)
    _say(sensor, kind, value, document, found)
    battery = document.get("battery")
    found.take(sensor, "battery", Signal.BATTERY, battery, number_of(Signal.BATTERY))
    return found.decoded()


def _say(sensor: str, kind: str, value: float, document: dict[str, Any], found: Gathering) -> None:
    if kind in _PULSES:  # over as soon as it is told: the next one is another
        found.add(sensor, _PULSES[kind], 1.0)
        found.add(sensor, _PULSES[kind], 0.0)
    elif kind == Kind.APPLIANCE:
        found.add(sensor, Signal.USE, value, seconds=_duration(document, found))
    elif kind == Kind.BUTTON:
        found.action(sensor, "value", _PRESSES[value])
    else:
        found.add(sensor, _STATES[kind], value)


def _duration(document: dict[str, Any], found: Gathering) -> float | None:
    duration = document.get("duration")
    if duration is None:
        return None
    try:
        return number(0, _LONGEST_S)(duration)
    except FieldError as error:
        found.complain(f"duration {error}", error.why)
        return None
