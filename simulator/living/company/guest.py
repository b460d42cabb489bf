"""A carer or a visitor: comes in by the front door, sees to this and that, and leaves again."""

from collections.abc import Callable
from typing import Final

from simulator.appliances.registry import Appliance
from simulator.living.chance import Chance
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE, OUTSIDE, Rooms
from simulator.living.trace import Trace

_PACE: Final = 1.1  # metres a second
_BUSY_S: Final = 90.0
_TEA: Final = 0.3  # share of the times in the kitchen that end in tea

Favours = tuple[tuple[str, float], ...]
Visits = Callable[[int], list[tuple[float, float]]]

CARER: Favours = ((KITCHEN, 0.4), (BEDROOM, 0.25), (BATHROOM, 0.2), (LOUNGE, 0.15))
FAMILY: Favours = ((LOUNGE, 0.6), (KITCHEN, 0.3), (BATHROOM, 0.05), (HALLWAY, 0.05))


class Guest:
    """Somebody who comes and goes.

    Args:
        rooms: Of the home.
        chance: Their own.
        visits: When they come on a local day, as (from, for how long) in epoch seconds and seconds.
        favours: Where they are, as weights.
        stay_s: How long they are in one room, on average.
        kettle: Of the home; they make tea, too.

    Attributes:
        trace: What they did.
    """

    def __init__(
        self,
        rooms: Rooms,
        chance: Chance,
        visits: Visits,
        favours: Favours,
        stay_s: float,
        *,
        kettle: Appliance,
    ) -> None:
        self.trace = Trace()
        self._rooms = rooms
        self._chance = chance
        self._visits = visits
        self._favours = favours
        self._stay_s = stay_s
        self._kettle = kettle

    def live(self, day: int) -> None:
        """What they do on a local day."""
        for start, seconds in self._visits(day):
            self._visit(start, seconds)

    def _visit(self, t: float, seconds: float) -> None:
        chance, trace, end = self._chance, self.trace, t + seconds
        trace.opened("front_door", t, chance.between(4, 15))
        room = OUTSIDE
        while t < end:
            goal = chance.pick(self._favours)
            for room, metres in self._rooms.way(room, goal).legs:  # noqa: B020 (walks on)
                t += metres / _PACE
                trace.came(t, room)
            if room == KITCHEN and chance.happens(_TEA):
                use = self._kettle.draw_use(chance)
                trace.act("kettle", t + 20 + use.seconds, use.wh, use.seconds)
            stayed = min(chance.wait(self._stay_s), max(end - t, 1.0))
            trace.stayed(t, t + stayed, room, 1 / _BUSY_S)
            t += stayed
        trace.opened("front_door", t + 5, chance.between(4, 15))
