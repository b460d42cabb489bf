"""Journeys: how long a person takes from one room to the next, against their usual."""

from math import exp, log

import msgspec

LONGEST = 40.0
"""Seconds; whoever takes longer did something on the way."""
SHORTEST = 1.0
MEMORY = 200
"""Journeys of one pair of rooms after which their say has faded to 1 / e."""
MOST_PAIRS = 60
ENOUGH = 20
"""Journeys of a pair before its pace is compared."""


class Pair(msgspec.Struct, array_like=True):
    """The usual journey from one room to another: faded mean of log seconds, and how many."""

    mean: float = 0.0
    count: int = 0


class Journeys(msgspec.Struct):
    """Compares each journey with the usual one between the same two rooms.

    Attributes:
        t: The last activation, in epoch seconds.
        place: Its room; empty before the first.
        pairs: The usual journey by pair of rooms.
    """

    t: float = 0.0
    place: str = ""
    pairs: dict[str, Pair] = {}

    def step(self, t: float, place: str) -> float | None:
        """Takes in an activation; how much slower than usual the person came here, as a log ratio.

        None where it was no journey, or one that is not known well enough.
        """
        seconds, origin = t - self.t, self.place
        self.t, self.place = t, place
        if place == origin or not SHORTEST <= seconds <= LONGEST or not origin:
            return None
        name = f"{origin}>{place}"
        pair = self.pairs.get(name)
        if pair is None:
            if len(self.pairs) >= MOST_PAIRS:
                return None
            pair = self.pairs[name] = Pair()
        value, mean = log(seconds), pair.mean
        pair.count += 1
        pair.mean += (value - mean) * max(1.0 / pair.count, 1.0 - exp(-1.0 / MEMORY))
        return value - mean if pair.count > ENOUGH else None
