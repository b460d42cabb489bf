"""Devices whose every message is an event: thermometers, gait radars, buttons, and their links."""

from collections.abc import Callable

from contract import SensorEvent
from simulator.devices.message import Message, Value, instant, state
from simulator.devices.protocol import UntellableError

Word = Callable[[float], Value]


class Plain:
    """A device that says one field for each event.

    Args:
        name: The device's.
        field: Of its message.
        word: How the field says an event's value.
    """

    def __init__(self, name: str, field: str, word: Word) -> None:
        self._name = name
        self._field = field
        self._word = word

    def announce(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing: any word of it would be an event."""
        return []

    def tell(self, event: SensorEvent) -> list[Message]:
        """The value."""
        fields = {self._field: self._word(event.value)}
        return [state(instant(event), self._name, fields, event.battery)]

    def settle(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing."""
        return []


class Link:
    """Whether the bridge can reach a device, and how its battery is.

    A battery's level goes out as the device's own word. That it is online or offline stands on
    `<device>/availability`, kept by the broker, without a time: a hub dates it when it hears it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._online = 1.0

    def announce(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it is online."""
        return []

    def tell(self, event: SensorEvent) -> list[Message]:
        """Online, offline, or a battery's level.

        Raises:
            UntellableError: The device was online, or offline, already.
        """
        if event.battery is not None and event.value == 1:
            return [state(instant(event), self._name, {}, event.battery)]
        if event.value == self._online:
            raise UntellableError("its device was in that state already: there is no edge to see")
        self._online = event.value
        word = b'{"state":"online"}' if event.value else b'{"state":"offline"}'
        return [Message(instant(event), f"{self._name}/availability", word, retain=True)]

    def settle(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing."""
        return []


def number(field: str) -> Callable[[str, bool], Plain]:
    """What makes a device that says a number."""
    return lambda name, _both: Plain(name, field, float)


def button(name: str, _both: bool) -> Plain:
    """A pendant: a press asks for help, and can be taken back."""
    return Plain(name, "action", lambda value: "single" if value else "cancel")
