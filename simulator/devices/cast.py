"""The devices that a home must have for its events to be told, found by reading them once."""

from collections.abc import Iterable
from dataclasses import dataclass

from contract import Kind, SensorEvent


@dataclass
class Part:
    """One thing that one device tells, and how it does so.

    Attributes:
        sensor, kind, place: As its events say.
        both: Whether the recording tells both of its edges.
        shortest_s: The least time between two of its events; for an appliance, from the end of one
            use to the start of the next.
        longest_s: Its longest use.
        weakest_w: The least mean power of its uses, beyond none.
    """

    sensor: str
    kind: str
    place: str
    both: bool = False
    shortest_s: float = float("inf")
    longest_s: float = 0.0
    weakest_w: float = float("inf")


class Cast:
    """All parts of one home, in the order in which they first speak.

    Attributes:
        parts: By sensor and kind.
        events: How many events there were.
        last: The last one, where there is one.
    """

    def __init__(self, events: Iterable[SensorEvent]) -> None:
        self.parts: dict[tuple[str, str], Part] = {}
        self.events = 0
        self.last: SensorEvent | None = None
        ended: dict[tuple[str, str], float] = {}
        for event in events:
            self.events += 1
            self.last = event
            key = (event.sensor, event.kind)
            part = self.parts.get(key) or Part(event.sensor, event.kind, event.place)
            self.parts[key] = part
            _learn(part, event, ended.get(key))
            ended[key] = event.at.timestamp()

    @property
    def longest_s(self) -> float:
        """The longest use of any appliance, in seconds."""
        return max((part.longest_s for part in self.parts.values()), default=0.0)


def _learn(part: Part, event: SensorEvent, ended: float | None) -> None:
    duration = (event.duration or 0.0) if event.kind == Kind.APPLIANCE else 0.0
    if ended is not None:
        part.shortest_s = min(part.shortest_s, event.at.timestamp() - duration - ended)
    if event.value == 0 and event.kind in {Kind.OPENING, Kind.PRESENCE}:
        part.both = True
    if duration and event.value > 0:
        part.longest_s = max(part.longest_s, duration)
        part.weakest_w = min(part.weakest_w, event.value * 3600 / duration)
