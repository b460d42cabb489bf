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
    "wake_hour": Trait(7.35, 1.15, plain=True, low=4, high=10),
    "bed_hour": Trait(22.1, 0.831, plain=True, low=20, high=26),
    "regularity_h": Trait(1.12, 0.554),
    # the body
    "capacity_ml": Trait(317, 0.122, low=180),
    "urge": Trait(0.67, 0.129, high=0.9),
    "light_sleep": Trait(1.08, 0.192, high=1.2),
    "unrest": Trait(0.0432, 0.404),
    "turning_s": Trait(13700, 0.83),
    # walking
    "pace": Trait(0.649, 0.214, low=0.25),
    "pausing": Trait(0.335, 0.536, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(29.8, 0.301),
    # one day and another
    "variability": Trait(0.18, 0.311),
    "persistence": Trait(0.854, 0.0873, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(996, 0.235),
    "stillness_s": Trait(746, 0.426),
    "seat_lounge": Trait(0.672, 0.335),
    "seat_kitchen": Trait(0.136, 0.913),
    "seat_bedroom": Trait(0.06, 0.779),
    "errands": Trait(5.9, 0.285),
    "errand_s": Trait(30, 0.879),
    "morning": Trait(1.7, 0.364),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.609, 0.302),  # errands after six
    "in_kitchen": Trait(0.24, 0.339),
    "in_lounge": Trait(0.115, 0.389),
    "in_bedroom": Trait(0.0797, 0.455),
    "in_bathroom": Trait(0.03, 0.661),
    "in_hallway": Trait(0.2, 0.507),
    "snacking": Trait(0.184, 0.339),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(105, 0.112),
    "toilet_s": Trait(176, 0.285),
    "door_s": Trait(14.5, 0.399),
    "again_s": Trait(54.1, 0.277),  # until a door or fridge is opened once more
    "cooking": Trait(1.06, 0.42),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.14, 0.432, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.13, 0.46),
    "rummaging": Trait(0.272, 0.407),
    "ajar": Trait(0.517, 0.285, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(8.81, 0.517),  # it stays open
    "dressing_s": Trait(503, 0.592),
    "eating_s": Trait(487, 0.426),
    "settling_s": Trait(220, 0.622),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.5, 0.519),
    "tea": Trait(2.6, 0.241),
    "cold drink": Trait(1.78, 0.256),
    "doorstep": Trait(2.33, 1),
    "early cup": Trait(0.578, 0.325, plain=True, high=1.0),
    "nightcap": Trait(0.618, 0.407, plain=True, high=1.0),
    "airing": Trait(0.364, 0.571),
    "outing": Trait(0.776, 0.517),
    "garden": Trait(4.51, 0.744),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.658, 0.23, high=0.98),
    "bedroom": Trait(0.972, 0.231, high=0.98),
    "hallway": Trait(0.98, 0.189, high=0.98),
    "kitchen": Trait(0.822, 0.133, high=0.98),
    "lounge": Trait(0.941, 0.248, high=0.98),
    "through": Trait(0.22, 0.7, high=0.6),  # of those beyond an open door
    "lag_s": Trait(3.47, 0.548),  # until a sensor sees who came in
}
