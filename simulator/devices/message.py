"""One MQTT message, and how times are written in one."""

from datetime import UTC, datetime
from typing import NamedTuple


class Message(NamedTuple):
    """What one device says at one time.

    Attributes:
        t: Epoch seconds, to the millisecond.
        topic: Below the base topic, such as `bathroom-pir` or `bathroom-pir/availability`.
        payload: As the dialect has it, JSON or a bare word.
        retain: Whether the broker keeps it for whoever subscribes later.
    """

    t: float
    topic: str
    payload: bytes
    retain: bool = False


def iso(t: float) -> str:
    """Epoch seconds as ISO 8601 in UTC, to the millisecond."""
    at = datetime.fromtimestamp(round(t * 1000) / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{round(at.microsecond / 1000):03}Z"
