"""Sensors with two states of which both edges are told: contacts of doors, pressure in bed."""

from dataclasses import dataclass

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns


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
        times, values = [], []
        for act in block.acts.get(self.place, ()):
            before = self._holding
            self._holding = max(before + (1 if act.value else -1), 0)
            if bool(before) != bool(self._holding):
                times.append(act.t)
                values.append(act.value)
        return Columns.of(np.array(times), index, np.array(values))


def door(place: str) -> TwoSided:
    """A contact on a door."""
    return TwoSided(f"{place.replace('_', '-')}-contact", Kind.OPENING, place)


def bed() -> TwoSided:
    """Pressure under a mattress."""
    return TwoSided("bed-presence", Kind.PRESENCE, "bed")
