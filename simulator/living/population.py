"""How people and their homes differ from one another, as distributions over a population.

Chosen so that a street of made-up homes looks like real ones: see docs/realism.md, which says on
which homes, and how near they come.
"""

from typing import NamedTuple

from simulator.living.chance import Chance


class Trait(NamedTuple):
    """One thing in which people or homes differ.

    Attributes:
        middle: Median over the population.
        sigma: Of the logarithm, or in the unit itself where `plain`.
        plain: Whether it is normal about its middle, rather than log-normal.
        low, high: It is never less or more.
    """

    middle: float
    sigma: float
    plain: bool = False
    low: float = 0.0
    high: float = float("inf")

    def draw(self, chance: Chance) -> float:
        """One person's or home's own."""
        if self.plain:
            drawn = chance.around(self.middle, self.sigma)
        else:
            drawn = self.middle * chance.factor(self.sigma)
        return min(max(drawn, self.low), self.high)


PEOPLE: dict[str, Trait] = {
    # hours of the wall clock
    "wake_hour": Trait(7.35, 1.14, plain=True, low=4, high=10),
    "bed_hour": Trait(22.1, 0.828, plain=True, low=20, high=26),
    "regularity_h": Trait(1.2, 0.555, high=1.8),
    # the body
    "capacity_ml": Trait(317, 0.121, low=180),
    "urge": Trait(0.682, 0.134, high=0.9),
    "light_sleep": Trait(1.08, 0.192, high=1.2),
    "unrest": Trait(0.0424, 0.394),
    "turning_s": Trait(14000, 0.841),
    # walking
    "pace": Trait(0.65, 0.212, low=0.25),
    "pausing": Trait(0.337, 0.535, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(29.9, 0.317),
    # one day and another
    "variability": Trait(0.15, 0.314),
    "persistence": Trait(0.855, 0.0894, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(979, 0.242),
    "stillness_s": Trait(770, 0.416),
    "seat_lounge": Trait(0.681, 0.318),
    "seat_kitchen": Trait(0.133, 0.924),
    "seat_bedroom": Trait(0.0609, 0.816),
    "errands": Trait(5.92, 0.277),
    "errand_s": Trait(29.5, 0.885),
    "morning": Trait(1.61, 0.361),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.607, 0.295),  # errands after six
    "in_kitchen": Trait(0.259, 0.344),
    "in_lounge": Trait(0.115, 0.398),
    "in_bedroom": Trait(0.0782, 0.476),
    "in_bathroom": Trait(0.0307, 0.66),
    "in_hallway": Trait(0.204, 0.522),
    "snacking": Trait(0.182, 0.343),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(107, 0.114),
    "toilet_s": Trait(178, 0.287),
    "door_s": Trait(14.4, 0.403),
    "again_s": Trait(55.9, 0.272),  # until a door or fridge is opened once more
    "cooking": Trait(1.06, 0.406),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.139, 0.427, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.135, 0.483),
    "rummaging": Trait(0.268, 0.421),
    "ajar": Trait(0.509, 0.293, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(9.03, 0.512),  # it stays open
    "dressing_s": Trait(491, 0.595),
    "eating_s": Trait(479, 0.425),
    "settling_s": Trait(217, 0.615),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.4, 0.508),
    "tea": Trait(2.7, 0.258),
    "cold drink": Trait(1.74, 0.246),
    "doorstep": Trait(2.4, 0.986),
    "early cup": Trait(0.573, 0.32, plain=True, high=1.0),
    "nightcap": Trait(0.624, 0.404, plain=True, high=1.0),
    "airing": Trait(0.362, 0.584),
    "outing": Trait(0.798, 0.515),
    "garden": Trait(4.42, 0.752),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.648, 0.229, high=0.98),
    "bedroom": Trait(0.971, 0.231, high=0.98),
    "hallway": Trait(0.98, 0.189, high=0.98),
    "kitchen": Trait(0.842, 0.128, high=0.98),
    "lounge": Trait(0.924, 0.246, high=0.98),
    "through": Trait(0.22, 0.692, high=0.6),  # of those beyond an open door
    "lag_s": Trait(3.52, 0.555),  # until a sensor sees who came in
}
