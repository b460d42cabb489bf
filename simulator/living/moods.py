"""How one day differs from another: good spirits last, and so do whims."""

from math import exp
from typing import Final, NamedTuple

from simulator.living.chance import Chance, rounded
from simulator.living.own import Own

_WHIM: Final = 0.14  # how far a day's errands stray from the usual rooms
_URGE: Final = 0.4  # how far, for what the day is busier, the bladder's patience strays
_DAYS_AHEAD: Final = 3  # are drawn as they will be if nothing befalls them


class Mood(NamedTuple):
    """How a day differs from others.

    Attributes:
        busy: How much is done, as a multiple of the usual.
        urge: How full the bladder is when it asks, as a multiple of the usual.
        favours: How often each room is where something is seen to, as weights.
    """

    busy: float
    urge: float
    favours: dict[str, float]


class Moods:
    """Somebody's moods, day after day.

    Args:
        own: Theirs.
        chance: Their own.
    """

    def __init__(self, own: Own, chance: Chance) -> None:
        self._own = own
        self._chance = chance
        self._spirits = chance.around(0, 1)
        self._whims = [chance.around(0, 1) for _ in own.favours]
        self._ahead: list[Mood] = []

    def next(self) -> tuple[Mood, list[Mood]]:
        """Today's, and those of the days after."""
        while len(self._ahead) <= _DAYS_AHEAD:
            self._ahead.append(self._draw())
        return self._ahead.pop(0), self._ahead

    def _draw(self) -> Mood:
        own, chance = self._own, self._chance
        kept, new = own.persistence, (1 - own.persistence**2) ** 0.5
        self._spirits = kept * self._spirits + chance.around(0, new)
        self._whims = [kept * whim + chance.around(0, new) for whim in self._whims]
        return Mood(
            busy=rounded(exp(own.variability * self._spirits)),
            urge=chance.factor(_URGE * own.variability),
            favours={
                room: weight * rounded(exp(_WHIM * whim))
                for (room, weight), whim in zip(own.favours, self._whims, strict=True)
            },
        )
