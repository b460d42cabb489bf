"""What a sensor said that could not be used; of a help button it may have been a call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from contract import Kind
from gateway.hearing.known_devices import ROW, names_in
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


class Refusals(NamedTuple):
    """What could not be used of the last days.

    Attributes:
        lately: The newest first; not what devices said that nobody has listed.
        names: Of a device's name or address each that means it, as its network has told.
    """

    lately: list[Refused]
    names: Mapping[str, frozenset[str]]

    def of(self, sensor: Sensor) -> list[Refused]:
        """Those of one sensor's device, in the same order.

        Its topic holds the device's name, also with other words in between; or, where it is a part
        of a device, that device's, while the message itself names the part.
        """
        node, _, part = sensor.heard_as.partition("/")
        called = {sensor.heard_as, *self.names.get(sensor.heard_as, ())}
        called |= {f"{one}/{part}" for one in self.names.get(node, ()) if part}
        return [one for one in self.lately if any(_is_of(name, one) for name in called)]


def refused_lately(journal: Journal, now: float) -> Refusals:
    """All of the last days, and who is who on the networks."""
    query = (
        "select id, at, topic, reason, payload from quarantine where once is null and at > ? "
        "order by id desc"
    )
    found = [Refused(*row) for row in journal.rows(query, now - LATELY_S)]
    known = journal.devices().get(ROW) if found else None
    return Refusals(found, {} if known is None else names_in(known))


def _is_of(name: str, one: Refused) -> bool:
    node, *parts = name.split("/")
    levels = iter(one.topic.split("/"))
    if node not in levels:
        return False
    rest = list(levels)
    return all(part in rest or part.encode() in one.payload for part in parts)


def times(refused: Sequence[Refused]) -> str:
    """How often, of such as came lately: `once in 7 days`."""
    often = "once" if len(refused) == 1 else f"{len(refused)} times"
    return f"{often} in {LATELY_S / 86_400:g} days"


def unread(sensors: Iterable[Sensor], refused: Refusals) -> Iterator[Fault]:
    """Help buttons of which something was refused, or at which the hub itself failed.

    Args:
        sensors: Those that the hub listens to.
        refused: As of :func:`refused_lately`.
    """
    for button in (one for one in sensors if str(one.kind) == Kind.BUTTON):
        if found := refused.of(button):
            yield Fault(
                button.name,
                found[-1].at,
                f"The help button {button.name} said what the hub could not use, {times(found)}, "
                f"and it may have been a call: {found[0].reason}.",
            )
