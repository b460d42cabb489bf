"""Sensors that tell each use: metering plugs, and a cistern that is flushed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns

_APART_S: Final = 95.0  # two people at one kettle: what comes sooner is not boiled again


@dataclass
class Plug:
    """A plug that meters one appliance. Nothing is heated again that was hot just now.

    Attributes:
        place: The appliance.
    """

    place: str
    _ended: float = float("-inf")

    @property
    def role(self) -> SensorRole:
        """Named after the appliance."""
        return SensorRole(sensor=f"{self.place}-plug", kind=Kind.APPLIANCE, place=self.place)

    def sense(self, block: Block, index: int) -> Columns:
        """Its uses, at their ends."""
        uses = []
        for use in block.at(self.place).tolist():
            ended, _, seconds = use
            if ended - seconds > self._ended + _APART_S:
                uses.append(use)
                self._ended = ended
        table = np.array(uses).reshape(-1, 3)
        return Columns.of(table[:, 0], index, table[:, 1], table[:, 2])


@dataclass
class Flush:
    """A sensor in the cistern.

    Attributes:
        place: Where it is.
    """

    place: str = "toilet"

    @property
    def role(self) -> SensorRole:
        """Its name, what it tells and where."""
        return SensorRole(sensor="toilet-flush", kind=Kind.FLUSH, place=self.place)

    def sense(self, block: Block, index: int) -> Columns:
        """One event a void."""
        return Columns.of(block.at(self.place)[:, 0], index)
