"""The weather over a street, and how warm it makes a home."""

from functools import cache
from math import cos, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.living.chance import Chance
from simulator.living.episodes.episode import Episode

_DAY_S: Final = 86_400.0
_YEAR_S: Final = 365.25 * _DAY_S
_MEAN_C: Final = 10.5  # lowland England
_SEASON_C: Final = 6.5
_DAILY_C: Final = 3.5
_COLDEST_DAY: Final = 20.0  # of the year
_WAVES: Final = 5
_WAVE_C: Final = 1.6
_HEAT_C: Final = 12.0  # of a heat wave at its worst
_HEATED_C: Final = 20.5
_FOLLOWS: Final = 0.55  # how a home follows the weather
_LAG_S: Final = 4 * 3600.0  # and how late
_HALF_HOUR_S: Final = 1800.0
_A_DAY: Final = 48  # half hours

Times = NDArray[np.float64]


class Sky:
    """Degrees outside at any time: season, time of day, and spells of warm and cold days.

    A closed form, so that any instant can be asked for; remembered by the half hour.
    """

    def __init__(self, chance: Chance) -> None:
        self._spells = [
            (chance.between(5, 40) * _DAY_S, chance.between(0, 2 * pi)) for _ in range(_WAVES)
        ]
        self._known: dict[int, float] = {}
        self._lately: dict[tuple[float, int], Times] = {}

    def outdoors(self, t: float) -> float:
        """Degrees Celsius in the shade, in the half hour of `t`."""
        slot = int(t // _HALF_HOUR_S)
        known = self._known.get(slot)
        if known is None:
            known = self._known[slot] = self._celsius(slot * _HALF_HOUR_S)
        return known

    def outdoors_at(self, first: float, number: int) -> Times:
        """The same for so many half hours from `first`, shape (number,)."""
        key = (first, number)
        if key not in self._lately:
            self._lately = {
                key: np.array([self.outdoors(first + at * _HALF_HOUR_S) for at in range(number)])
            }
        return self._lately[key]

    def _celsius(self, t: float) -> float:
        season = -_SEASON_C * cos(2 * pi * (t / _YEAR_S - _COLDEST_DAY / 365.25))
        hour = -_DAILY_C * cos(2 * pi * (t / _DAY_S - 3 / 24))
        spell = _WAVE_C * sum(sin(2 * pi * t / period + phase) for period, phase in self._spells)
        return round(_MEAN_C + season + hour + spell, 3)


@cache
def sky_of(*seed: int) -> Sky:
    """The sky over all homes of one seed."""
    return Sky(Chance.of(*seed))


class Weather:
    """What one home has of the sky, and of heat waves.

    Attributes:
        heat: Heat waves that befall it.
    """

    def __init__(self, sky: Sky) -> None:
        self._sky = sky
        self.heat: list[Episode] = []

    def outdoors(self, t: float) -> float:
        """Degrees Celsius in the shade."""
        outdoors = self._sky.outdoors(t)
        if self.heat:
            outdoors += sum(_HEAT_C * wave.intensity(t) for wave in self.heat)
        return outdoors

    def indoors(self, t: float) -> float:
        """Degrees Celsius in a home that is heated but not cooled, and lags behind the weather."""
        outside = self.outdoors(t // _HALF_HOUR_S * _HALF_HOUR_S - _LAG_S)
        return _HEATED_C + max(0.0, outside - (_HEATED_C - 3)) * _FOLLOWS

    def indoors_at(self, times: Times) -> Times:
        """The same at many times, in order, shape (n,)."""
        slots = ((times - _LAG_S) // _HALF_HOUR_S).astype(np.int64)
        first = int(slots[0]) // _A_DAY * _A_DAY  # homes ask for times that nearly are the same
        last = int(slots[-1]) // _A_DAY * _A_DAY + _A_DAY
        outside = self._sky.outdoors_at(first * _HALF_HOUR_S, last - first).take(slots - first)
        for wave in self.heat:
            outside = outside + [_HEAT_C * wave.intensity(t - _LAG_S) for t in times.tolist()]
        celsius: Times = _HEATED_C + np.maximum(0.0, outside - (_HEATED_C - 3)) * _FOLLOWS
        return celsius
