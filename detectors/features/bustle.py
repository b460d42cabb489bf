"""Activity in the rooms that a condition does not watch: how busy a day it was."""

from collections.abc import Iterable

import msgspec

from detectors.models.counts import CountModel
from detectors.models.usual import Prior

SLOT = 300.0
"""Activity is counted in stretches of five minutes."""
LEAST_SEEN = 0.05
"""No part is taken to have been seen for a smaller share."""
TOO_FEW = 15.0
"""Stretches added to both sides, so that little against little is near 1."""


class Bustle(msgspec.Struct):
    """Counts the stretches of time in which something stirred.

    Attributes:
        usual: Of a day and of a night.
        slot: The last stretch in which something stirred.
        count: How many there were in the present part of the day.
    """

    usual: list[CountModel] = msgspec.field(default_factory=lambda: [CountModel(), CountModel()])
    slot: int = -1
    count: int = 0

    def stir(self, t: float) -> None:
        """Something stirred at `t`, in epoch seconds."""
        slot = int(t // SLOT)
        if slot != self.slot:
            self.slot = slot
            self.count += 1

    def stir_all(self, times: Iterable[float]) -> None:
        """Something stirred at each of some times."""
        last, count = self.slot, self.count
        for t in times:
            slot = int(t // SLOT)
            if slot != last:
                last, count = slot, count + 1
        self.slot, self.count = last, count

    def multiple(self, night: bool, seen: float, prior: Prior) -> float:
        """Activity in this part as a multiple of the usual for the share of it that was seen."""
        usual = self.usual[night].level(prior) * seen
        return (self.count + TOO_FEW) / (usual + TOO_FEW)

    def surprise(self, night: bool, seen: float, prior: Prior) -> float:
        """How far this part is busier than usual for the share of it that was seen.

        In standard deviations of such parts, 0 or more.
        """
        return self.usual[night].surprise(self.count, max(seen, LEAST_SEEN), prior)

    def end(self, night: bool, seen: float, prior: Prior, *, learn: bool) -> None:
        """Ends a part of the day."""
        if learn:
            self.usual[night].learn_one(self.count, seen, prior)
        self.count = 0
