"""What somebody did, as far as anything in the home could notice: the way from lives to sensors."""

from collections import defaultdict
from dataclasses import dataclass, field
from struct import Struct
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.living.arrays import Floats
from simulator.living.layout import Layout, kept
from simulator.living.rooms import NUMBER

Acts = NDArray[np.float64]

NO_ACTS: Final[Acts] = np.empty((0, 3))
_NO_LENGTH: Final = float("nan")

two: Final = Struct("2d").pack
_three: Final = Struct("3d").pack
four: Final = Struct("4d").pack
_six: Final = Struct("6d").pack


class Reason(msgspec.Struct, frozen=True):
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


class Done(NamedTuple):
    """What one dweller did, as columns in order of time; in the words of :class:`Trace`.

    Attributes:
        walks: Shape (4, n).
        stays: Shape (4, n).
        comings: Shape (2, n), in no order.
        acts: By place, each of shape (n, 3), in no order.
    """

    walks: Floats
    stays: Floats
    comings: Floats
    acts: dict[str, Acts]


@dataclass
class Trace:
    """What one dweller did.

    Plain numbers one after the other, packed as doubles rather than objects: a street of a thousand
    homes makes millions of them. Rooms and ways are told by their numbers.

    Attributes:
        walks: Four for each: when they got up, for how long they paused before the first step,
            metres a second, and which way.
        stays: Four for each: from when to when, in which room, and how often they moved there so
            that a sensor might see it, in movements a second.
        comings: Two for each time that they came into a room in any other way: when, and which.
        laid: What they were about to do one thing after the other.
        rounds: What of it they did, four for each stretch: from which stay and up to which, counted
            through all of `laid`; when the time in it began; and when the last was broken off.
        acts: What they did with things, by place as events say it: `front_door`, `fridge`,
            `kettle`, `bed`, `toilet`. Three for each: when, which may lie ahead of the present (a
            door that will be closed); the value as events say it (1 opened, 0 closed, watt-hours);
            for how many seconds, NaN for what has no length.
        reasons: Why, in order of time.
    """

    walks: bytearray = field(default_factory=bytearray)
    stays: bytearray = field(default_factory=bytearray)
    comings: bytearray = field(default_factory=bytearray)
    laid: list[Layout] = field(default_factory=list)
    rounds: bytearray = field(default_factory=bytearray)
    acts: defaultdict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    reasons: list[Reason] = field(default_factory=list)

    def came(self, t: float, room: str) -> None:
        """Somebody came into a room."""
        self.comings += two(t, NUMBER[room])

    def stayed(self, start: float, end: float, room: str, rate: float) -> None:
        """Somebody was in a room, moving so many times a second."""
        if end > start:
            self.stays += four(start, end, NUMBER[room], rate)

    def opened(self, place: str, t: float, seconds: float) -> None:
        """A door was opened, and closed after so many seconds."""
        self.acts[place] += _six(t, 1.0, _NO_LENGTH, t + seconds, 0.0, _NO_LENGTH)

    def act(self, place: str, t: float, value: float, seconds: float = _NO_LENGTH) -> None:
        """Something was done at a place; a use ends at `t`."""
        self.acts[place] += _three(t, value, seconds)

    @property
    def empty(self) -> bool:
        """Whether nothing was done, as of a visitor who did not come."""
        return not (self.walks or self.stays or self.comings or self.rounds or self.acts)

    def take(self) -> Done:
        """All of it but the reasons, told once."""
        plan = kept(self.laid, self.rounds)
        acts = {place: np.frombuffer(flat).reshape(-1, 3) for place, flat in self.acts.items()}
        if plan.fridge.size:
            acts["fridge"] = np.concatenate((acts.get("fridge", NO_ACTS), _edges(plan.fridge)))
        done = Done(
            _joined(self.walks, plan.walks),
            _joined(self.stays, plan.stays),
            np.frombuffer(self.comings).reshape(-1, 2).T,
            acts,
        )
        self.walks, self.stays = bytearray(), bytearray()
        self.comings, self.rounds = bytearray(), bytearray()
        self.laid.clear()
        self.acts.clear()
        return done


def _joined(flat: bytearray, more: Floats) -> Floats:
    """Rows told one number after the other, and columns, as columns in order of time."""
    if not flat and not more.size:
        return more
    columns = np.concatenate((np.frombuffer(flat).reshape(-1, len(more)).T, more), axis=1)
    ordered: Floats = columns.take(columns[0].argsort(kind="stable"), axis=1)
    return ordered


def _edges(spans: Floats) -> Acts:
    """Openings and closings of doors that are open in these spans, shape (2, n), as acts."""
    acts = np.full((spans.size, 3), _NO_LENGTH)
    acts[:, 0] = spans.ravel()
    acts[:, 1] = np.array([1.0, 0.0]).repeat(spans.shape[1])
    return acts
