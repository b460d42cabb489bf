"""Thermometers."""

from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.arrays import numbers
from simulator.living.chance import Chance
from simulator.living.senses.block import Block
from simulator.living.senses.columns import NOTHING, Columns

_LOOK_S: Final = 1200.0
_STEP_C: Final = 0.3  # reports a change of so much
_AT_LEAST_S: Final = 3600.0  # and at least so often
_DAY_S: Final = 86_400.0


@dataclass
class Thermometer:
    """Looks every twenty minutes; reports when it has changed enough, and once an hour.

    Attributes:
        room: Where it stands.
        usual: How much warmer it is kept here than elsewhere, in degrees.
        chance: Its own.
    """

    room: str
    usual: float
    chance: Chance
    _drift: float = 0.0
    _told: float = float("nan")
    _told_t: float = float("-inf")
    _next: float | None = None

    @property
    def role(self) -> SensorRole:
        """Named after the room."""
        name = f"{self.room}-temperature"
        return SensorRole(sensor=name, kind=Kind.TEMPERATURE, place=self.room)

    def sense(self, block: Block, index: int) -> Columns:
        """Its reports."""
        first = self._next if self._next is not None else block.start + self._first()
        t = np.arange(first, block.end, _LOOK_S)
        if not len(t):
            return NOTHING
        self._next = first + len(t) * _LOOK_S
        strays: list[float] = (0.08 * self.chance.normals(len(t))).tolist()
        drifts: list[float] = []
        for stray in strays:
            self._drift = 0.96 * self._drift + stray
            drifts.append(self._drift)
        by_hour = 0.9 * np.cos(2 * pi * (t / _DAY_S - 18 / 24))  # warmest in the early evening
        celsius = block.weather.indoors_at(t) + self.usual + by_hour + numbers(drifts)
        celsius = celsius.round(1)
        told = np.array(self._told_of(t.tolist(), celsius.tolist()), np.int64)
        return Columns.of(t.take(told), index, celsius.take(told))

    def _first(self) -> float:
        return float(self.chance.shares(1)[0]) * _LOOK_S

    def _told_of(self, times: list[float], celsius: list[float]) -> list[int]:
        """Which of them are worth a report."""
        told = []
        last, due = self._told, self._told_t + _AT_LEAST_S - 1
        for at, (t, now) in enumerate(zip(times, celsius, strict=True)):
            if t > due or not -_STEP_C < now - last < _STEP_C:
                told.append(at)
                last, due = now, t + _AT_LEAST_S - 1
        if told:
            self._told, self._told_t = last, times[told[-1]]
        return told
