"""What a help button said that could not be used: it may have been a call, so somebody is told."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from contract import Kind
from gateway.journal import Journal
from gateway.normaliser.faults import Fault
from gateway.settings import Sensor

LATELY_S = 7 * 86_400.0
"""For so long, in seconds, it is told of; by then somebody has looked, or nothing came of it."""


class Refused(NamedTuple):
    """A message, or a field in one, that could not be used, when it came, in epoch seconds."""

    at: float
    topic: str
    reason: str


def refused_lately(journal: Journal, now: float) -> list[Refused]:
    """All of the last days, the newest first; not what devices said that nobody has listed."""
    query = (
        "select at, topic, reason from quarantine where once is null and at > ? order by id desc"
    )
    return [Refused(*row) for row in journal.rows(query, now - LATELY_S)]


def unread(sensors: Iterable[Sensor], refused: list[Refused]) -> Iterator[Fault]:
    """Help buttons of which something was refused, or at which the hub itself failed.

    Args:
        sensors: Those that the hub listens to.
        refused: As of :func:`refused_lately`.
    """
    for button in (one for one in sensors if str(one.kind) == Kind.BUTTON):
        its = f"/{button.device or button.name}/"
        found = [one for one in refused if its in f"/{one.topic}/"]
        if found:
            times = "once" if len(found) == 1 else f"{len(found)} times"
            yield Fault(
                button.name,
                found[-1].at,
                f"The help button {button.name} said what the hub could not use, {times} in 7 "
                f"days, and it may have been a call: {found[0].reason}.",
            )
