"""What a batch of the broker's messages came to: one transaction, then their acknowledgement."""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from contract import Message, SensorEvent

PAYLOAD_KEPT = 512
"""Bytes of a payload that go into quarantine."""

TEXT_KEPT = 256


class Delivery(NamedTuple):
    """A message as the broker delivered it.

    Attributes:
        mid: Its packet's number.
        digest: Of what it says, and on which topic.
        at: When it came, by the hub's clock, in epoch seconds; minus infinity where nobody noted.
    """

    mid: int
    digest: bytes
    at: float = -math.inf


class Quarantined(NamedTuple):
    """A message that could not be used.

    Attributes:
        at: When it came, in epoch seconds.
        topic, payload: As it came, cut short.
        reason: Why it could not be used.
        once: Names what is kept a single time, as it came last; None to keep it each time.
    """

    at: float
    topic: str
    reason: str
    payload: bytes
    once: str | None = None


def quarantined(
    at: float, topic: str, reason: str, payload: bytes, *, once: bool = False
) -> Quarantined:
    """A message for quarantine, cut to what is kept of it."""
    kept, why = topic[:TEXT_KEPT], reason[:TEXT_KEPT]
    return Quarantined(at, kept, why, payload[:PAYLOAD_KEPT], f"{why} {kept}" if once else None)


@dataclass(slots=True)
class Intake:
    """Everything that one transaction stores.

    Attributes:
        events: What happened.
        told: What the centre is to be told besides.
        devices: New states of devices, by name.
        deliveries: What the broker delivered, to know it again.
        quarantine: What could not be used.
        counts: Counters to raise.
        newest: How far event time has come; None before the first event.
        received: The hub's clock at the last message; None where there was none.
        released: The last of the messages that had waited for the time, and were heard now; 0
            where none had.
    """

    events: list[SensorEvent] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)
    devices: dict[str, bytes] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    newest: float | None = None
    received: float | None = None
    released: int = 0
