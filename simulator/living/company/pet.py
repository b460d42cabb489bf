"""A cat: awake by dusk and dawn, and never asked where it goes."""

from typing import Final

from simulator.living.chance import Chance
from simulator.living.clock import Clock
from simulator.living.rooms import INDOORS
from simulator.living.trace import Trace

_WALKS: Final = 14.0  # a day
_HOURS: Final = tuple(
    (hour, 1.0) for hour in (3.0, 5.0, 8.0, 17.0, 23.0)
)  # about which it walks, as it likes
_SPREAD_H: Final = 1.5


class Pet:
    """What a motion sensor takes for somebody, at times.

    Attributes:
        trace: What it did.
    """

    def __init__(self, chance: Chance, clock: Clock, start: float, end: float) -> None:
        self.trace = Trace()
        self._chance = chance
        self._clock = clock
        self._start = start
        self._end = end

    def live(self, day: int) -> None:
        """What it does on a local day."""
        chance = self._chance
        hours = sorted(
            chance.around(chance.pick(_HOURS), _SPREAD_H) % 24 for _ in range(chance.count(_WALKS))
        )
        for hour in hours:
            self._walk(self._clock.at(day, hour))

    def _walk(self, t: float) -> None:
        chance = self._chance
        for _ in range(1 + chance.count(1.5)):
            room = INDOORS[int(chance.share() * len(INDOORS))]
            stayed = chance.spread(90, 0.8)
            if self._start <= t < self._end:
                self.trace.stayed(t, t + stayed, room, 1 / 60)
            t += stayed + chance.between(5, 20)
