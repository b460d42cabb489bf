"""Motion sensors."""

from dataclasses import dataclass

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.senses.block import Block, Times
from simulator.living.senses.columns import Columns

_BLIND_S = 60.9  # between two activations of a PIR; in TIHM no gap is shorter than 61 s
_NEARER_S = 12.0  # until somebody who moved beyond a door comes into view, on average


@dataclass
class Motion:
    """A PIR: blind for a minute after it fired, and at all times for part of the room.

    Attributes:
        room: Where it hangs.
        reach: Share of the movements in the room that it sees.
        chance: Its own.
        beyond: A room that it looks into through an open door, "" for none.
        through: Share of the movements there that it sees.
    """

    room: str
    reach: float
    chance: Chance
    beyond: str = ""
    through: float = 0.0
    _seeing_from: float = 0.0

    @property
    def role(self) -> SensorRole:
        """Named after the room."""
        return SensorRole(sensor=f"{self.room}-pir", kind=Kind.MOTION, place=self.room)

    def sense(self, block: Block, index: int) -> Columns:
        """An activation at each movement that it sees."""
        seen = self._seen(block.moves[self.room], self.reach)
        if self.beyond:
            other = self._seen(block.moves[self.beyond], self.through)
            other = other + self.chance.waits(len(other)) * _NEARER_S
            seen = np.sort(np.concatenate((seen, other)))
        return Columns.of(self.fired(seen), index)

    def _seen(self, moves: Times, share: float) -> Times:
        return moves[self.chance.shares(len(moves)) < share]

    def fired(self, seen: Times) -> Times:
        """Which of the movements that it sees, in order, it tells."""
        after = np.searchsorted(seen, seen + _BLIND_S).tolist()
        at = int(np.searchsorted(seen, self._seeing_from))
        told = []
        while at < len(after):
            told.append(at)
            at = after[at]
        fired = seen[told]
        if told:
            self._seeing_from = float(fired[-1]) + _BLIND_S
        return fired
