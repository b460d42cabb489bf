"""Devices with two states: motion, contacts, pressure, vibration.

Some recordings tell both edges, some only one: that a door was opened, that motion began. Where
only one is told, the device falls back by itself: after its hold, or half way to the next event
where that comes sooner. So every event is exactly one edge.
"""

from collections.abc import Callable
from dataclasses import dataclass

from contract import SensorEvent
from simulator.devices.message import Fields, Message, instant, state
from simulator.devices.protocol import UntellableError


@dataclass(frozen=True)
class Words:
    """How a device says that something is so, and that it is no longer.

    Attributes:
        hold_s: How long it stays so by itself, where nobody tells when it ended.
    """

    active: Fields
    rest: Fields
    hold_s: float


MOTION = Words({"occupancy": True}, {"occupancy": False}, 60)
CONTACT = Words({"contact": False}, {"contact": True}, 20)
PRESENCE = Words({"presence": True}, {"presence": False}, 60)
PRESSURE = Words(
    {"illuminance": 4200, "occupancy": True, "work_state": "presence_5min"},
    {"illuminance": 120, "occupancy": False, "work_state": "none"},
    60,
)
VIBRATION = Words({"action": "vibration", "vibration": True}, {"vibration": False}, 20)


class Momentary:
    """A device of which the recording tells only that it became active."""

    def __init__(self, name: str, words: Words) -> None:
        self._name = name
        self._words = words
        self._active_since: float | None = None

    def announce(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it is at rest."""
        return []

    def tell(self, event: SensorEvent) -> list[Message]:
        """Back to rest, if it is not yet, and active anew."""
        t = instant(event)
        messages = []
        if (since := self._active_since) is not None:
            messages.append(self._rest(since + min(self._words.hold_s, (t - since) / 2)))
        self._active_since = t
        active = state(t, self._name, self._words.active, event.battery)
        return [*messages, active]

    def settle(self, t: float) -> list[Message]:
        """Back to rest, once its hold is over."""
        since = self._active_since
        if since is None or since + self._words.hold_s > t:
            return []
        self._active_since = None
        return [self._rest(since + self._words.hold_s)]

    def _rest(self, t: float) -> Message:
        return state(round(t, 3), self._name, self._words.rest)


class TwoSided:
    """A device of which the recording tells both edges. It begins at rest."""

    def __init__(self, name: str, words: Words) -> None:
        self._name = name
        self._words = words
        self._value = 0.0

    def announce(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it is at rest."""
        return []

    def tell(self, event: SensorEvent) -> list[Message]:
        """The new state.

        Raises:
            UntellableError: It is in that state already.
        """
        if event.value == self._value:
            raise UntellableError("its sensor was in that state already: there is no edge to see")
        self._value = event.value
        fields = self._words.active if event.value else self._words.rest
        return [state(instant(event), self._name, fields, event.battery)]

    def settle(self, t: float) -> list[Message]:  # noqa: ARG002 (the protocol's form)
        """Nothing: it stays as it is."""
        return []


def edge_device(words: Words) -> Callable[[str, bool], Momentary | TwoSided]:
    """What makes such a device from its name and whether the recording tells both of its edges."""

    def make(name: str, both: bool) -> Momentary | TwoSided:
        return TwoSided(name, words) if both else Momentary(name, words)

    return make
