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
    "wake_hour": Trait(7.5, 1.36, plain=True, low=4, high=10),
    "bed_hour": Trait(22.3, 0.964, plain=True, low=20, high=26),
    "regularity_h": Trait(1.42, 0.45, high=2.2),
    # the body
    "capacity_ml": Trait(323, 0.163, low=180),
    "urge": Trait(0.558, 0.19, high=0.9),
    "light_sleep": Trait(1.1, 0.391, high=1.2),
    "unrest": Trait(0.019, 0.732),
    "turning_s": Trait(18400, 1.25),
    # walking
    "pace": Trait(0.65, 0.322, low=0.25),
    "pausing": Trait(0.547, 0.935, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(22.5, 0.492),
    # one day and another
    "variability": Trait(0.19, 0.32),
    "persistence": Trait(0.859, 0.0858, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(1050, 0.421),
    "stillness_s": Trait(774, 0.732),
    "seat_lounge": Trait(0.658, 0.55),
    "seat_kitchen": Trait(0.1, 1.55),
    "seat_bedroom": Trait(0.0488, 1.14),
    "errands": Trait(4.82, 0.39),
    "errand_s": Trait(19.9, 1.37),
    "morning": Trait(2.25, 0.563),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.668, 0.426),  # errands after six
    "in_kitchen": Trait(0.204, 0.502),
    "in_lounge": Trait(0.14, 0.54),
    "in_bedroom": Trait(0.0582, 0.67),
    "in_bathroom": Trait(0.0306, 0.832),
    "in_hallway": Trait(0.088, 0.736),
    # for how long, as a multiple of errand_s
    "at_kitchen": Trait(1.84, 0.318),
    "at_lounge": Trait(1.18, 0.311),
    "at_bedroom": Trait(2.99, 0.295),
    "at_bathroom": Trait(1.25, 0.33),
    "at_hallway": Trait(1.87, 0.306),
    "snacking": Trait(0.23, 0.562),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(98.4, 0.14),
    "toilet_s": Trait(169, 0.547),
    "door_s": Trait(15.7, 0.635),
    "again_s": Trait(49.4, 0.418),  # until a door or fridge is opened once more
    "cooking": Trait(0.756, 0.662),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.124, 0.469, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.0692, 0.698),
    "rummaging": Trait(0.164, 0.553),
    "ajar": Trait(0.808, 0.392, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(8.22, 0.654),  # it stays open
    "dressing_s": Trait(716, 0.959),
    "eating_s": Trait(510, 0.494),
    "settling_s": Trait(268, 0.823),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.405, 0.826),
    "tea": Trait(2.65, 0.265),
    "cold drink": Trait(1.73, 0.461),
    "doorstep": Trait(2.88, 1.45),
    "early cup": Trait(0.609, 0.311, plain=True, high=1.0),
    "nightcap": Trait(0.616, 0.433, plain=True, high=1.0),
    "airing": Trait(0.48, 0.691),
    "outing": Trait(0.797, 0.851),
    "garden": Trait(2.64, 0.99),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.612, 0.354, high=0.98),
    "bedroom": Trait(0.847, 0.343, high=0.98),
    "hallway": Trait(0.936, 0.336, high=0.98),
    "kitchen": Trait(0.83, 0.193, high=0.98),
    "lounge": Trait(0.901, 0.314, high=0.98),
    "through": Trait(0.186, 0.996, high=0.6),  # of those beyond an open door
    "lag_s": Trait(2.77, 0.978),  # until a sensor sees who came in
}
