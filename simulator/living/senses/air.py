"""Thermometers."""

from dataclasses import dataclass
from math import cos, pi

import numpy as np

from contract import Kind
from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns
from simulator.living.weather import Weather

_LOOK_S = 1200.0
_STEP_C, _AT_LEAST_S = 0.3, 3600.0  # reports a change of so much, and at least so often
_DAY_S = 86_400.0


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
        t = self._next if self._next is not None else block.start + self.chance.between(0, _LOOK_S)
        reports = []
        while t < block.end:
            celsius = self._celsius(t, block.weather)
            if not abs(celsius - self._told) < _STEP_C or t - self._told_t > _AT_LEAST_S - 1:
                reports.append((t, celsius))
                self._told, self._told_t = celsius, t
            t += _LOOK_S
        self._next = t
        table = np.array(reports, np.float64).reshape(-1, 2)
        return Columns.of(table[:, 0], index, table[:, 1])

    def _celsius(self, t: float, weather: Weather) -> float:
        self._drift = 0.96 * self._drift + self.chance.around(0, 0.08)
        by_hour = 0.9 * cos(2 * pi * (t / _DAY_S - 18 / 24))  # warmest in the early evening
        return round(weather.indoors(t) + self.usual + by_hour + self._drift, 1)
