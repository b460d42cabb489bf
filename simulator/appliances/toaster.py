"""A toaster, of which the recordings tell only how long it was on.

Its power is what `simulator.importers.ordonez` takes it to be; its wobble is a kettle's, another
element on the same mains.
"""

from collections.abc import Sequence

import msgspec

from simulator.appliances.quantiles import drawn
from simulator.appliances.sample import Sample, Step, Use, every, metered
from simulator.living.chance import Chance

_EVERY_S = 10.0


class Toaster(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One household's toaster.

    Attributes:
        rated_w: What it draws.
        between_sd, within_sd: Of the power from use to use and of means of 10 s, as shares.
        seconds: How long it is on, as quantiles.
    """

    rated_w: float
    between_sd: float
    within_sd: float
    seconds: Sequence[float]

    def curve(self, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        """A level with a little wobble, reported every ten seconds."""
        times = every(0, seconds, _EVERY_S)
        return metered([Step(t, chance.around(1, self.within_sd)) for t in times], wh, seconds)

    def draw_use(self, chance: Chance) -> Use:
        """Bread is toasted."""
        seconds = drawn(self.seconds, chance)
        watts = self.rated_w * chance.around(1, self.between_sd)
        return Use(round(watts * seconds / 3600, 2), round(seconds, 1))

    def another(self, chance: Chance) -> "Toaster":
        """A toaster of another household, used alike: 750 to 1,600 W, as shops sell."""
        return msgspec.structs.replace(self, rated_w=round(chance.between(750, 1600)))
