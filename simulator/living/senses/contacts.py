"""Sensors with two states of which both edges are told: contacts of doors, pressure in bed."""

from dataclasses import dataclass

import numpy as np

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
        steps = np.where(acts[:, 1] > 0, 1, -1).cumsum() + self._holding
        holding = steps - np.minimum.accumulate(np.minimum(steps, 0))  # never fewer than none
        held = np.concatenate(([self._holding > 0], holding > 0))
        self._holding = int(holding[-1])
        told = acts.compress(held[1:] != held[:-1], axis=0)
        return Columns.of(told[:, 0], index, told[:, 1])


def door(place: str) -> TwoSided:
    """A contact on a door."""
    return TwoSided(f"{place.replace('_', '-')}-contact", Kind.OPENING, place)


def bed() -> TwoSided:
    """Pressure under a mattress."""
    return TwoSided("bed-presence", Kind.PRESENCE, "bed")
