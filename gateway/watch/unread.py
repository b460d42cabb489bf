"""What a sensor said that could not be used; of a help button it may have been a call."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from contract import Kind
from gateway.journal import Journal
from gateway.normaliser.faults import Fault
from gateway.settings import Sensor

LATELY_S = 7 * 86_400.0
"""For so long, in seconds, it is told of; by then somebody has looked, or nothing came of it."""


class Refused(NamedTuple):
    """A message, or a field in one, that could not be used.

    Attributes:
        number: Its own in quarantine.
        at: When it came, in epoch seconds.
        topic, payload: As it came, cut short.
        reason: Why it could not be used.
    """

    number: int
    at: float
    topic: str
    reason: str
    payload: bytes


def refused_lately(journal: Journal, now: float) -> list[Refused]:
    """All of the last days, the newest first; not what devices said that nobody has listed."""
    query = (
        "select id, at, topic, reason, payload from quarantine where once is null and at > ? "
        "order by id desc"
    )
    return [Refused(*row) for row in journal.rows(query, now - LATELY_S)]


def refused_of(sensor: Sensor, refused: Iterable[Refused]) -> list[Refused]:
    """Those of one sensor's device, in the same order.

    Its topic holds the device's name, also with other words in between; or, where it is a part of a
    device, that device's, while the message itself names the part.
    """
    node, *parts = sensor.heard_as.split("/")
    return [one for one in refused if _is_of(node, parts, one)]


def _is_of(node: str, parts: list[str], one: Refused) -> bool:
    levels = iter(one.topic.split("/"))
    if node not in levels:
        return False
    rest = list(levels)
    return all(part in rest or part.encode() in one.payload for part in parts)


def times(refused: Sequence[Refused]) -> str:
    """How often, of such as came lately: `once in 7 days`."""
    often = "once" if len(refused) == 1 else f"{len(refused)} times"
    return f"{often} in {LATELY_S / 86_400:g} days"


def unread(sensors: Iterable[Sensor], refused: list[Refused]) -> Iterator[Fault]:
    """Help buttons of which something was refused, or at which the hub itself failed.

    Args:
        sensors: Those that the hub listens to.
        refused: As of :func:`refused_lately`.
    """
    for button in (one for one in sensors if str(one.kind) == Kind.BUTTON):
        if found := refused_of(button, refused):
            yield Fault(
                button.name,
                found[-1].at,
                f"The help button {button.name} said what the hub could not use, {times(found)}, "
                f"and it may have been a call: {found[0].reason}.",
            )
