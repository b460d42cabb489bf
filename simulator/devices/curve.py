"""How an appliance draws power over one use."""

from collections.abc import Callable, Sequence

from simulator.living.chance import Chance

Sample = tuple[float, float, float]
"""Seconds since the use began; watts from then on; watt-hours drawn up to then."""

Curve = Callable[[str, float, float, Chance], Sequence[Sample]]
"""From the appliance (its place), the watt-hours and seconds of a use, and chance, to its samples.

The first sample is at 0. The last is at the end, 0 W, with all of the energy. The area under the
powers is that energy too, and the counter never falls.
"""

_EVERY_S = 10.0
_MOST = 30


def constant(appliance: str, wh: float, seconds: float, chance: Chance) -> list[Sample]:
    """The same power throughout, told every ten seconds, thirty times at most."""
    del appliance, chance
    number = min(max(1, int(seconds / _EVERY_S)), _MOST)
    watts = wh * 3600 / seconds
    offsets = [seconds * index / number for index in range(number)]
    return [*((t, watts, wh * t / seconds) for t in offsets), (seconds, 0, wh)]
