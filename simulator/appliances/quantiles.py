"""A distribution as it was measured: its quantiles, evenly spaced, with straight lines between."""

from collections.abc import Sequence

from simulator.living.chance import Chance


def drawn(quantiles: Sequence[float], chance: Chance) -> float:
    """A value at random.

    Args:
        quantiles: From the smallest to the largest, at even steps of probability; at least two.
        chance: One draw is taken from it.
    """
    place = chance.share() * (len(quantiles) - 1)
    below = int(place)
    low, high = quantiles[below], quantiles[below + 1]
    return low + (high - low) * (place - below)
