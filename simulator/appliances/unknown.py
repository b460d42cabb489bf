"""An appliance of which nothing is known but what it used: even power, thirty reports at most."""

from simulator.appliances.sample import Sample, Step, Use, metered
from simulator.living.chance import Chance

_EVERY_S = 10.0
_MOST_REPORTS = 30


class Unknown:
    """Any other appliance."""

    def curve(self, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        """A level without wobble; nothing is drawn from `chance`."""
        del chance
        number = min(max(1, int(seconds / _EVERY_S)), _MOST_REPORTS)
        return metered([Step(seconds * n / number, 1.0) for n in range(number)], wh, seconds)

    def draw_use(self, chance: Chance) -> Use:
        """Cannot be done.

        Raises:
            LookupError: Always: nobody measured how it is used.
        """
        del chance
        raise LookupError("nothing is known of how this appliance is used")

    def another(self, chance: Chance) -> "Unknown":
        """Itself."""
        del chance
        return self
