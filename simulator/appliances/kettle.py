"""A kettle: a resistive element that is on, at a power only the mains' voltage moves, or off.

The recordings show no standby and, at 30 s, no warming of the element beyond a few tenths of a per
cent. How much was boiled is a number of cups, or a re-boil of water that is still hot. Litres
follow from physics and assumptions that power alone cannot check: mugs of 0.25 l, water from the
tap at 15 degrees, and an efficiency of 0.85.
"""

from collections.abc import Sequence

import msgspec

from simulator.appliances.sample import Sample, Step, Use, every, metered
from simulator.living.chance import Chance

CUP_L = 0.25
TAP_C = 15.0
EFFICIENCY = 0.85
WH_PER_CUP = CUP_L * 4186 * (100 - TAP_C) / 3600 / EFFICIENCY
"""Some 29 Wh; the heat capacity of water is 4,186 J a litre and degree."""

_EVERY_S = 10.0
_COLD_S = 30.0  # the first full mean of a use is where a cold element would show
_LEAST_WH = 2.0


class Kettle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One household's kettle and what is boiled in it.

    Attributes:
        rated_w: What it draws at the household's usual voltage.
        between_sd: Of the power from use to use, as a share.
        within_sd: Of means of 10 s within a use, as a share.
        cold: Power in the first 30 s over the power after, less 1.
        reboil_share: Of uses that heat again what is hot.
        reboil_wh, reboil_sigma: Their median, and sigma of the logarithm.
        cups: Weights of 1, 2, 3 and more cups.
        cup_sd: Of the energy of a use about its whole cups, in Wh.
    """

    rated_w: float
    between_sd: float
    within_sd: float
    cold: float
    reboil_share: float
    reboil_wh: float
    reboil_sigma: float
    cups: Sequence[float]
    cup_sd: float

    def curve(self, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        """A level with a little wobble, reported every ten seconds."""
        shape = [Step(t, self._level(t, chance)) for t in every(0, seconds, _EVERY_S)]
        return metered(shape, wh, seconds)

    def draw_use(self, chance: Chance) -> Use:
        """How much is boiled, and how long that takes at today's voltage."""
        return self._use(max(self._wh(chance), _LEAST_WH), chance)

    def boil(self, litres: float, chance: Chance) -> Use:
        """So much water out of the tap, for whoever knows what is drunk.

        Args:
            litres: Above 0.
            chance: For the voltage.
        """
        return self._use(litres / CUP_L * WH_PER_CUP, chance)

    def another(self, chance: Chance) -> "Kettle":
        """A kettle of another household, used alike.

        Two recorded kettles do not tell how kettles differ; ratings from 2.2 to 3 kW are what shops
        sell for 230 V.
        """
        return msgspec.structs.replace(self, rated_w=round(chance.between(2200, 3000)))

    def _level(self, t: float, chance: Chance) -> float:
        return chance.around(1, self.within_sd) + (self.cold if t < _COLD_S else 0)

    def _use(self, wh: float, chance: Chance) -> Use:
        watts = self.rated_w * chance.around(1, self.between_sd)
        return Use(round(wh, 1), round(wh * 3600 / watts, 1))

    def _wh(self, chance: Chance) -> float:
        if chance.happens(self.reboil_share):
            return chance.spread(self.reboil_wh, self.reboil_sigma)
        cups = chance.pick(list(enumerate(self.cups, start=1)))
        return chance.around(cups * WH_PER_CUP, self.cup_sd)
