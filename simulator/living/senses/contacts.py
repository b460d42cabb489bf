"""Sensors with two states of which both edges are told: contacts of doors, pressure in bed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.senses.block import Block
from simulator.living.senses.columns import NOTHING, Columns


@dataclass
class TwoSided:
    """One that is open while anybody holds it open, and occupied while anybody lies on it.

    Attributes:
        name: As events say.
        kind: `opening` or `presence`.
        place: As events say.
    """

    name: str
    kind: Kind
    place: str
    _holding: int = 0

    @property
    def role(self) -> SensorRole:
        """Its name, what it tells and where."""
        return SensorRole(sensor=self.name, kind=self.kind, place=self.place)

    def sense(self, block: Block, index: int) -> Columns:
        """Its edges."""
        acts = block.at(self.place)
        if not len(acts):
            return NOTHING
        told = acts.compress(self._turns(acts[:, 1].tolist()), axis=0)
        return Columns.of(told[:, 0], index, told[:, 1])

    def _turns(self, values: list[float]) -> NDArray[np.bool_]:
        """Which of them are edges: the first to hold it and the last to let go."""
        holding, turns = self._holding, bytearray(len(values))
        for at, value in enumerate(values):
            if value > 0:
                turns[at] = holding == 0
                holding += 1
            elif holding:  # never fewer than none
                turns[at] = holding == 1
                holding -= 1
        self._holding = holding
        return np.frombuffer(turns, np.bool_)


def door(place: str) -> TwoSided:
    """A contact on a door."""
    return TwoSided(f"{place.replace('_', '-')}-contact", Kind.OPENING, place)


def bed() -> TwoSided:
    """Pressure under a mattress."""
    return TwoSided("bed-presence", Kind.PRESENCE, "bed")
