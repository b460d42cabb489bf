"""A message of the broker, with when it came."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the broker delivered it.

    Attributes:
        mid: The packet's number; 0 where the broker did not ask for an acknowledgement.
        dup: The broker says that it may have delivered this before.
        retain: It is an old state that the broker had kept.
        received: When it came, by the hub's clock, in epoch seconds.
        elapsed: The same by a clock that only runs forward, in seconds; None where nobody looked.
        shift: Seconds that the hub's clock was behind when it came, as is known now.
        sure: Whether `received` is known, and not only supposed.
        waited: Whether it was known at once, and newer ones may have been heard before it.
    """

    topic: str
    payload: bytes
    mid: int
    dup: bool
    retain: bool
    received: float
    elapsed: float | None = None
    shift: float = 0.0
    sure: bool = True
    waited: bool = False
