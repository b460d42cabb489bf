"""Things that are in one of two states: doors, beds, links. Only a change is an event."""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Occasion, Reading, Signal
from gateway.normaliser.channel import NEVER, Told, since

_WHOLE_SECOND_S = 1.0
"""By how much two times that are told in whole seconds may be nearer than they look."""


class EdgeState(msgspec.Struct):
    """The state last told, since when, and a change that waits to be certain.

    Attributes:
        doubtful: What it was is not known: the next word is a state and no change, unless the
            device says just because it changed.
    """

    value: float
    since: float | None = None
    pending_at: float | None = None
    doubtful: bool = False


class Edge:
    """A two-state sensor with debounce.

    A change within `debounce_s` of the last one waits until that time is over, and is told with its
    own time if it still stands then; if the state goes back before, nothing happened. Where both
    times are whole seconds the device tells no more, and a second is added to the wait.

    Args:
        at_rest: The state before anything was heard (0 or 1): being in it is no event.
        debounce_s: 0 tells every change at once.
        falling: Whether going to 0 is told too.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset()

    def __init__(
        self, *, at_rest: float = 0.0, debounce_s: float = 0.0, falling: bool = True
    ) -> None:
        self._debounce_s = debounce_s
        self._falling = falling
        self.state = EdgeState(at_rest)

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Takes in the state that the device is in at `t`."""
        told = self.settle(t)
        state = self.state
        if state.doubtful and reading.occasion is not Occasion.CHANGE:
            state.value = reading.value
        state.doubtful = False
        if reading.value == state.value:
            state.pending_at = None
        elif since(state.since, t) < self._wait_s(state.since, t):
            state.pending_at = t if state.pending_at is None else state.pending_at
        else:
            told += self._accept(t)
        return told

    def recall(self, value: float) -> None:
        """Takes a state that the broker had kept for the one that it is in, where none is known."""
        if self.state.doubtful:
            self.state = EdgeState(value)

    def doubt(self) -> None:
        """Its state is not known any more."""
        self.state = EdgeState(self.state.value, doubtful=True)

    def settle(self, now: float) -> list[Told]:
        """Accepts a change that has stood for long enough."""
        pending = self.state.pending_at
        return self._accept(pending) if pending is not None and now >= self.deadline() else []

    def deadline(self) -> float:
        """When the change that waits, if one does, is certain."""
        state = self.state
        if state.pending_at is None or state.since is None:
            return NEVER
        return state.since + self._wait_s(state.since, state.pending_at)

    def _wait_s(self, changed: float | None, t: float) -> float:
        """How long after a change at `changed` one at `t` is in doubt."""
        if not self._debounce_s or changed is None:
            return 0.0
        coarse = float(changed).is_integer() and float(t).is_integer()
        return self._debounce_s + (_WHOLE_SECOND_S if coarse else 0.0)

    def _accept(self, t: float) -> list[Told]:
        state = self.state
        state.value = 1.0 - state.value
        state.since, state.pending_at = t, None
        return [Told(t, state.value)] if state.value or self._falling else []


class Opening(Edge):
    """A contact on a door or window: 1 opened, 0 closed."""

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.OPEN, Signal.SWITCH})


class Presence(Edge):
    """A bed, a chair or a room that knows whether somebody is there: 1 entered, 0 left."""

    signals: ClassVar[frozenset[Signal]] = frozenset(
        {Signal.PRESENCE, Signal.OCCUPANCY, Signal.SWITCH}
    )


class Link(Edge):
    """Whether a device can be reached: 1 online, 0 offline."""

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.ONLINE})
