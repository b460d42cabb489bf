"""What a channel is: the state machine behind one sensor, which tells events from readings."""

from typing import Any, ClassVar, NamedTuple, Protocol

from gateway.dialects.protocol import Reading, Signal

NEVER = float("inf")


def since(then: float | None, t: float) -> float:
    """Seconds from `then` to `t`; `NEVER` where nothing was yet, or lies ahead of `t`.

    What lies ahead was dated by a clock that stood ahead: how long ago it was nobody knows.
    """
    return NEVER if then is None or then > t else t - then


class Told(NamedTuple):
    """Something that happened.

    Attributes:
        at: When, in epoch seconds.
        value: In the unit of the sensor's kind.
        duration: Seconds it lasted, for uses of an appliance.
        note: Name of a counter to raise, where something about it is odd.
    """

    at: float
    value: float
    duration: float | None = None
    note: str = ""


class Channel(Protocol):
    """Pure: its state is one serialisable structure, and time comes in with the readings.

    Attributes:
        signals: What it listens to.
        state: All it remembers.
    """

    signals: ClassVar[frozenset[Signal]]
    state: Any

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Takes in a reading made at `t`: before an earlier one only where a clock went back."""
        ...

    def settle(self, now: float) -> list[Told]:
        """Tells what has become certain by `now`. The same however often it is asked."""
        ...

    def deadline(self) -> float:
        """When something becomes certain though nothing is heard; `NEVER` if at no time."""
        ...
