"""ESPHome over MQTT: a bare value for each sensor of a node, without a time, kept by the broker."""

import msgspec

from contract import Kind
from gateway.dialects.protocol import Signal
from simulator.devices.message import Message
from simulator.devices.said import Said
from simulator.devices.voices.protocol import level, no_word

_BINARY = {
    Signal.OCCUPANCY: "occupancy",
    Signal.PRESENCE: "presence",
    Signal.OPEN: "door",
    Signal.VIBRATION: "vibration",
    Signal.WATER: "leak",
}
_NUMBERS = {  # object id, and how many decimals it is set to tell
    Signal.ENERGY: ("energy_kwh", 5),
    Signal.POWER: ("power", 1),
    Signal.TEMPERATURE: ("temperature", 1),
    Signal.HUMIDITY: ("humidity", 1),
    Signal.GAIT_SPEED: ("gait_speed", 2),
}


class EspHome:
    """Speaks as a node does whose object ids tell what they mean. All is retained, as by default.

    A battery's level has a topic of its own: told with something else it would be news of its own,
    so it is told only where it is the news.
    """

    tells_time = False

    def say(self, said: Said) -> list[Message]:
        """A message for each value.

        Raises:
            UntellableError: There is no sensor for it.
        """
        node = level(said.device)
        states = _states(said)
        if not states:
            raise no_word("ESPHome", said)
        return [
            Message(said.t, f"{node}/{topic}", value.encode(), retain=True)
            for topic, value in states
        ]


def _states(said: Said) -> list[tuple[str, str]]:
    """Topics below the node, and what is said there."""
    values = said.values
    if Signal.ONLINE in values:
        return [("status", "online" if values[Signal.ONLINE] else "offline")]
    found = [
        (f"binary_sensor/{_named(said, name)}/state", "ON" if values[signal] else "OFF")
        for signal, name in _BINARY.items()
        if signal in values
    ]
    found += [
        (f"sensor/{name}/state", f"{values[signal]:.{decimals}f}")
        for signal, (name, decimals) in _NUMBERS.items()
        if signal in values
    ]
    if not found and Signal.ACTION in values:
        found.append(
            ("event/button/state", msgspec.json.encode({"event_type": said.text}).decode())
        )
    if not values and said.battery is not None:
        found.append(("sensor/battery_level/state", f"{said.battery:g}"))
    return found


def _named(said: Said, name: str) -> str:
    return "motion" if said.kind == Kind.MOTION else name
