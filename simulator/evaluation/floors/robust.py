"""A day's count against the median of four weeks, in robust standard deviations."""

from abc import ABC, abstractmethod
from copy import copy
from typing import ClassVar, Self

import numpy as np

from simulator.evaluation.floors.daily import PARTS, Measure, Row
from simulator.evaluation.floors.floor import LEAST_DAYS, WINDOW, Flags, Limits

MAD_TO_SD = 1.4826
ALLOWANCE = 0.5
"""Of a CUSUM, in standard deviations: half the change that it is quickest at."""


class Robust(ABC):
    """Says how far off each day is; what follows from that is the subclasses' business."""

    name: ClassVar[str]
    limits: Limits = np.arange(0.5, 8.01, 0.25)

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._past: tuple[float, ...] = ()

    def step(self, row: Row) -> Flags | None:
        """Judges the day's count, then keeps it for four weeks."""
        total = float(row[:PARTS].sum())
        past, self._past = self._past, (*self._past, total)[-WINDOW:]
        if len(past) < LEAST_DAYS:
            return None
        middle = float(np.median(past))
        spread = MAD_TO_SD * float(np.median(np.abs(np.array(past) - middle)))
        return self._judge(self._measure.sign * (total - middle) / max(spread, 1.0))

    def branch(self) -> Self:
        """One that goes on by itself: nothing it holds is changed in place."""
        return copy(self)

    @abstractmethod
    def _judge(self, off: float) -> Flags:
        """At which limits to alert on a day so far off."""


class OneDay(Robust):
    """One day far off is enough."""

    name: ClassVar[str] = "robust z, one day"

    def _judge(self, off: float) -> Flags:
        return off > self.limits


class TwoDays(Robust):
    """Two days running must be far off."""

    name: ClassVar[str] = "robust z, two days running"

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self._before = float("-inf")

    def _judge(self, off: float) -> Flags:
        both, self._before = min(off, self._before), off
        return both > self.limits


class Cusum(Robust):
    """Adds up what each day is off beyond an allowance, and begins anew after an alert."""

    name: ClassVar[str] = "CUSUM"
    limits: Limits = np.arange(0.5, 20.01, 0.5)

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self._sums = np.zeros(len(self.limits))

    def _judge(self, off: float) -> Flags:
        sums = np.maximum(self._sums + off - ALLOWANCE, 0.0)
        raised = sums > self.limits
        self._sums = np.where(raised, 0.0, sums)
        return np.asarray(raised)
