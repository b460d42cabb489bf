"""Devices with two states: motion, contacts, pressure, vibration, water.

Some recordings tell both edges, some only one: that a door was opened, that motion began. Where
only one is told, the device falls back by itself: after its hold, or half way to the next event
where that comes sooner. So every event is exactly one edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contract import Kind, SensorEvent
from gateway.dialects.protocol import Signal
from simulator.devices.fitted import Fitted, Make
from simulator.devices.protocol import UntellableError
from simulator.devices.said import Raw, Said, instant

_STANDING = frozenset({Kind.OPENING, Kind.PRESENCE})


@dataclass(frozen=True)
class States:
    """What a device tells when something is so, and when it is no longer.

    Attributes:
        hold_s: How long it stays so by itself, where nobody tells when it ended.
        text: Which action its becoming so is, where it is one.
    """

    active: Mapping[str, float]
    rest: Mapping[str, float]
    hold_s: float
    text: str = ""


MOTION = States({Signal.OCCUPANCY: 1}, {Signal.OCCUPANCY: 0}, 60)
CONTACT = States({Signal.OPEN: 1}, {Signal.OPEN: 0}, 20)
PRESENCE = States({Signal.PRESENCE: 1}, {Signal.PRESENCE: 0}, 60)
PRESSURE = States(
    {Signal.OCCUPANCY: 1, Raw.PRESSURE: 4200}, {Signal.OCCUPANCY: 0, Raw.PRESSURE: 120}, 60
)
LEAK = States({Signal.WATER: 1}, {Signal.WATER: 0}, 20)
VIBRATION = States(
    {Signal.ACTION: 1, Signal.VIBRATION: 1}, {Signal.VIBRATION: 0}, 20, text="vibration"
)


class Momentary:
    """A device of which the recording tells only that it became active."""

    def __init__(self, fitted: Fitted, states: States) -> None:
        self._fitted = fitted
        self._states = states
        self._active_since: float | None = None

    def announce(self, t: float) -> list[Said]:
        """How it stands, where it has a state: at rest."""
        return _at_rest(self._fitted, self._states, t)

    def tell(self, event: SensorEvent) -> list[Said]:
        """Back to rest, if it is not yet, and active anew."""
        t = instant(event)
        said = []
        if (since := self._active_since) is not None:
            said.append(self._rest(since + min(self._states.hold_s, (t - since) / 2)))
        self._active_since = t
        active = self._fitted.says(t, self._states.active, self._states.text, event.battery)
        return [*said, active]

    def settle(self, t: float) -> list[Said]:
        """Back to rest, once its hold is over."""
        since = self._active_since
        if since is None or since + self._states.hold_s > t:
            return []
        self._active_since = None
        return [self._rest(since + self._states.hold_s)]

    def _rest(self, t: float) -> Said:
        return self._fitted.says(round(t, 3), self._states.rest)


class TwoSided:
    """A device of which the recording tells both edges. It begins at rest."""

    def __init__(self, fitted: Fitted, states: States) -> None:
        self._fitted = fitted
        self._states = states
        self._value = 0.0

    def announce(self, t: float) -> list[Said]:
        """How it stands, where it has a state: at rest."""
        return _at_rest(self._fitted, self._states, t)

    def tell(self, event: SensorEvent) -> list[Said]:
        """The new state.

        Raises:
            UntellableError: It is in that state already.
        """
        if event.value == self._value:
            raise UntellableError("its sensor was in that state already: there is no edge to see")
        self._value = event.value
        states = self._states
        t = instant(event)
        if event.value:
            return [self._fitted.says(t, states.active, states.text, event.battery)]
        return [self._fitted.says(t, states.rest, battery=event.battery)]

    def settle(self, t: float) -> list[Said]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it stays as it is."""
        return []


def _at_rest(fitted: Fitted, states: States, t: float) -> list[Said]:
    """What a door or a bed says when it joins; movement, shaking and water say nothing then."""
    if fitted.kind not in _STANDING:
        return []
    return [fitted.says(t, states.rest)._replace(joins=True)]


def two_state(states: States) -> Make:
    """What makes such a device."""
    return lambda fitted: (TwoSided if fitted.both else Momentary)(fitted, states)
