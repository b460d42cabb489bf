"""What somebody did, as far as anything in the home could notice: the way from lives to sensors."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Act(NamedTuple):
    """Something that was done at one place.

    Attributes:
        t: When, in epoch seconds; for the use of an appliance, when it ended.
        place: As events say: `front_door`, `fridge`, `kettle`, `bed`, `toilet`.
        value: As events say: 1 opened, 0 closed; watt-hours.
        duration: Of a use, in seconds.
    """

    t: float
    place: str
    value: float
    duration: float | None = None


class Reason(NamedTuple):
    """Why somebody did what they did.

    Attributes:
        t: When, in epoch seconds.
        doing: The name of the habit or need.
        why: A sentence with places for the figures.
        figures: What stands in them.
    """

    t: float
    doing: str
    why: str
    figures: tuple[float, ...] = ()

    def __str__(self) -> str:
        return f"{self.doing}: {self.why.format(*self.figures)}"


@dataclass
class Trace:
    """What one dweller did, in order of time within each list.

    Columns rather than objects: a street of a thousand homes makes millions of them.

    Attributes:
        came_t, came_room: When they came into a room.
        left_t, left_room: When they got up to leave one.
        from_t, to_t, in_room, rate: From when to when they were in a room, and how often they moved
            there so that a sensor might see it, in movements a second.
        acts: What they did with things; times may lie ahead of the present: a door that will be
            closed.
        reasons: Why.
    """

    came_t: list[float] = field(default_factory=list)
    came_room: list[str] = field(default_factory=list)
    left_t: list[float] = field(default_factory=list)
    left_room: list[str] = field(default_factory=list)
    from_t: list[float] = field(default_factory=list)
    to_t: list[float] = field(default_factory=list)
    in_room: list[str] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def came(self, t: float, room: str) -> None:
        """Somebody came into a room."""
        self.came_t.append(t)
        self.came_room.append(room)

    def stayed(self, start: float, end: float, room: str, rate: float) -> None:
        """Somebody was in a room, moving so many times a second."""
        if end <= start:
            return
        self.from_t.append(start)
        self.to_t.append(end)
        self.in_room.append(room)
        self.rate.append(rate)

    def opened(self, place: str, t: float, seconds: float) -> None:
        """A door was opened, and closed after so many seconds."""
        self.acts.append(Act(t, place, 1.0))
        self.acts.append(Act(t + seconds, place, 0.0))
