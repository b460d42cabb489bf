"""A pressure mat beside the bed."""

from dataclasses import dataclass

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns


@dataclass
class BedsideMat:
    """Tells each step on it: of who gets into bed, and of who gets out."""

    @property
    def role(self) -> SensorRole:
        """Its name, what it tells and where."""
        return SensorRole(sensor="bedside-mat", kind=Kind.MOTION, place="bedside")

    def sense(self, block: Block, index: int) -> Columns:
        """One event for each time that somebody lies down or gets up."""
        return Columns.of(block.at("bed")[:, 0], index)
