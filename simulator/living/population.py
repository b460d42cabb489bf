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
    "wake_hour": Trait(7.57, 1.1, plain=True, low=4, high=10),
    "bed_hour": Trait(22.3, 0.8, plain=True, low=20, high=26),
    "regularity_h": Trait(1, 0.54),
    # the body
    "capacity_ml": Trait(315, 0.12, low=180),
    "urge": Trait(0.62, 0.12, high=0.9),
    "light_sleep": Trait(1.17, 0.21, high=1.2),
    "unrest": Trait(0.0409, 0.43),
    "turning_s": Trait(13380, 0.79),
    # walking
    "pace": Trait(0.707, 0.22, low=0.25),
    "pausing": Trait(0.288, 0.5, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(31.6, 0.39),
    # one day and another
    "variability": Trait(0.14, 0.32),
    "persistence": Trait(0.856, 0.095, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(1010, 0.24),
    "stillness_s": Trait(757, 0.41),
    "seat_lounge": Trait(0.63, 0.31),
    "seat_kitchen": Trait(0.122, 1),
    "seat_bedroom": Trait(0.0712, 0.83),
    "errands": Trait(6.5, 0.28),
    "errand_s": Trait(39.7, 0.77),
    "morning": Trait(1.82, 0.35),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.616, 0.28),  # errands after six
    "in_kitchen": Trait(0.287, 0.31),
    "in_lounge": Trait(0.101, 0.4),
    "in_bedroom": Trait(0.08, 0.48),
    "in_bathroom": Trait(0.0331, 0.59),
    "in_hallway": Trait(0.18, 0.53),
    "snacking": Trait(0.195, 0.38),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(110, 0.12),
    "toilet_s": Trait(153, 0.31),
    "door_s": Trait(12.6, 0.43),
    "again_s": Trait(50.2, 0.27),  # until a door or fridge is opened once more
    "cooking": Trait(0.962, 0.39),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.164, 0.48, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.136, 0.45),
    "rummaging": Trait(0.284, 0.43),
    "ajar": Trait(0.546, 0.25, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(8.07, 0.44),  # it stays open
    "dressing_s": Trait(471, 0.59),
    "eating_s": Trait(529, 0.47),
    "settling_s": Trait(218, 0.65),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.6, 0.5),
    "tea": Trait(2.6, 0.25),
    "cold drink": Trait(1.6, 0.25),
    "doorstep": Trait(2.3, 0.9),
    "early cup": Trait(0.55, 0.35, plain=True, high=1.0),
    "nightcap": Trait(0.65, 0.35, plain=True, high=1.0),
    "airing": Trait(0.4, 0.6),
    "outing": Trait(0.8, 0.5),
    "garden": Trait(4.4, 0.8),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.706, 0.22, high=0.98),
    "bedroom": Trait(0.817, 0.23, high=0.98),
    "hallway": Trait(0.916, 0.19, high=0.98),
    "kitchen": Trait(0.846, 0.15, high=0.98),
    "lounge": Trait(0.939, 0.26, high=0.98),
    "lag_s": Trait(3.72, 0.63),  # until a sensor sees who came in
}
