"""What a sensor is: it turns what happened in a home into what it tells."""

from typing import Protocol

from detectors.profile import SensorRole
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns


class Sensor(Protocol):
    """One sensor of one home. Blocks come one after the other."""

    @property
    def role(self) -> SensorRole:
        """Its name, what it tells and where."""
        ...

    def sense(self, block: Block, index: int) -> Columns:
        """What it tells in a block, in order; `index` is its place in the home's list."""
        ...
