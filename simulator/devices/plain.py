"""Devices whose every word is an event: thermometers, gait radars, buttons, and their links."""

from collections.abc import Callable

from contract import SensorEvent
from gateway.dialects.protocol import Signal
from simulator.devices.fitted import Fitted, Make
from simulator.devices.protocol import UntellableError
from simulator.devices.said import Said, instant


class Plain:
    """A device that tells one thing for each event.

    Args:
        fitted: Which it is.
        signal: What it tells.
        text: Which action an event's value is, for a button; then the value itself is not told.
    """

    def __init__(
        self, fitted: Fitted, signal: Signal, text: Callable[[float], str] | None = None
    ) -> None:
        self._fitted = fitted
        self._signal = signal
        self._text = text

    def announce(self, t: float) -> list[Said]:  # noqa: ARG002 (the protocol's form)
        """Nothing: any word of it would be an event."""
        return []

    def tell(self, event: SensorEvent) -> list[Said]:
        """The value."""
        t = instant(event)
        if self._text is not None:
            text = self._text(event.value)
            return [self._fitted.says(t, {self._signal: 1}, text, event.battery)]
        return [self._fitted.says(t, {self._signal: float(event.value)}, battery=event.battery)]

    def settle(self, t: float) -> list[Said]:  # noqa: ARG002 (the protocol's form)
        """Nothing."""
        return []


class Link:
    """Whether a device can be reached, and how its battery is.

    A battery's level is the device's own word. That it is online or offline its network says, kept
    by the broker, without a time: a hub dates it when it hears it.
    """

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted
        self._online = 1.0

    def announce(self, t: float) -> list[Said]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it is online."""
        return []

    def tell(self, event: SensorEvent) -> list[Said]:
        """Online, offline, or a battery's level.

        Raises:
            UntellableError: The device was online, or offline, already.
        """
        if event.battery is not None and event.value == 1:
            return [self._fitted.says(instant(event), {}, battery=event.battery)]
        if event.value == self._online:
            raise UntellableError("its device was in that state already: there is no edge to see")
        self._online = event.value
        return [self._fitted.says(instant(event), {Signal.ONLINE: event.value})]

    def settle(self, t: float) -> list[Said]:  # noqa: ARG002 (the protocol's form)
        """Nothing."""
        return []


def measure(signal: Signal) -> Make:
    """What makes a device that tells a measure."""
    return lambda fitted: Plain(fitted, signal)


def button(fitted: Fitted) -> Plain:
    """A pendant: a press asks for help, and can be taken back."""
    return Plain(fitted, Signal.ACTION, lambda value: "single" if value else "cancel")
