"""A fixed household rule, the same in every home: so many night visits, or no drink by so late."""

from typing import ClassVar, Self

import numpy as np

from simulator.evaluation.floors.daily import FIRST, NIGHT, Measure, Row
from simulator.evaluation.floors.floor import Flags, Limits

NIGHT_VISITS: Limits = np.arange(1.0, 25.0)
BY_HOUR: Limits = np.arange(6.5, 24.0, 0.5)


class HouseholdRule:
    """So many visits at night, or nothing from 06:00 until some hour, whoever lives there."""

    name: ClassVar[str] = "fixed household rule"

    def __init__(self, measure: Measure) -> None:
        self._nights = measure.sign > 0

    @property
    def limits(self) -> Limits:
        """Night visits, or the hour of the first drink."""
        return NIGHT_VISITS if self._nights else BY_HOUR

    def step(self, row: Row) -> Flags | None:
        """Judges the day; there is nothing to learn."""
        return np.asarray(row[NIGHT] >= self.limits if self._nights else row[FIRST] > self.limits)

    def branch(self) -> Self:
        """Itself: it remembers nothing."""
        return self
