"""Motion sensors."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.chance import Chance, places, waits_table
from simulator.living.senses.block import Block, Times
from simulator.living.senses.columns import Columns

_BLIND_S: Final = 60.9  # between two activations of a PIR; in TIHM no gap is below 61 s
_WAITS: Final = waits_table()
_LEAST_S: Final = 1.5  # until whoever moved beyond a door comes into view
_NEARER_S: Final = 12.0  # and on average so much more


@dataclass
class Glimpse:
    """Another room, seen through a door that stands open.

    Attributes:
        room: Which.
        share: Of the movements there, that are seen.
        chance: Its own.
    """

    room: str
    share: float
    chance: Chance

    def seen(self, block: Block) -> Times:
        """When somebody comes into view, a little after each such movement, in no order."""
        moves = block.moves[self.room]
        shares = self.chance.shares(2 * len(moves)).reshape(-1, 2)
        seen = shares[:, 0] < self.share
        waits = _WAITS.take(places(shares[:, 1].compress(seen)))
        late: Times = moves.compress(seen) + _LEAST_S + waits * _NEARER_S
        return late


@dataclass
class Motion:
    """A PIR: blind for a minute after it fired, and at all times for part of the room.

    Attributes:
        room: Where it hangs.
        reach: Share of the movements in the room that it sees.
        chance: Its own.
        glimpse: What it sees of another room, where it looks into one.
    """

    room: str
    reach: float
    chance: Chance
    glimpse: "Glimpse | None" = None
    _seeing_from: float = float("-inf")

    @property
    def role(self) -> SensorRole:
        """Named after the room."""
        return SensorRole(sensor=f"{self.room}-pir", kind=Kind.MOTION, place=self.room)

    def sense(self, block: Block, index: int) -> Columns:
        """An activation at each movement that it sees."""
        moves = block.moves[self.room]
        seen = moves.compress(self.chance.shares(len(moves)) < self.reach)
        if self.glimpse:
            seen = np.concatenate((seen, self.glimpse.seen(block)))
            seen.sort()
        return Columns.of(self.fired(seen), index)

    def fired(self, seen: Times) -> Times:
        """Which of the movements that it sees, in order, it tells."""
        times: list[float] = seen.tolist()
        fired = bytearray(b"\1" * len(times))
        seeing_from = self._seeing_from
        for at, t in enumerate(times):
            if t < seeing_from:
                fired[at] = False
            else:
                seeing_from = t + _BLIND_S
        self._seeing_from = seeing_from
        return seen.compress(np.frombuffer(fired, np.bool_))
