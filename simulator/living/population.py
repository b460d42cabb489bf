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
    "wake_hour": Trait(7.4, 1.36, plain=True, low=4, high=10),
    "bed_hour": Trait(22.3, 0.963, plain=True, low=20, high=26),
    "regularity_h": Trait(1.46, 0.45, high=2.2),
    # the body
    "capacity_ml": Trait(331, 0.176, low=180),
    "urge": Trait(0.546, 0.181, high=0.9),
    "light_sleep": Trait(1.12, 0.372, high=1.2),
    "unrest": Trait(0.0197, 0.792),
    "turning_s": Trait(22000, 1.16),
    # walking
    "pace": Trait(0.624, 0.303, low=0.25),
    "pausing": Trait(0.545, 0.954, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(22.9, 0.475),
    # one day and another
    "variability": Trait(0.19, 0.32),
    "persistence": Trait(0.859, 0.0858, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(1050, 0.42),
    "stillness_s": Trait(854, 0.715),
    "seat_lounge": Trait(0.638, 0.52),
    "seat_kitchen": Trait(0.0889, 1.56),
    "seat_bedroom": Trait(0.0519, 1.05),
    "errands": Trait(4.87, 0.369),
    "errand_s": Trait(17.7, 1.33),
    "morning": Trait(2.31, 0.585),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.608, 0.4),  # errands after six
    "in_kitchen": Trait(0.201, 0.473),
    "in_lounge": Trait(0.137, 0.513),
    "in_bedroom": Trait(0.0559, 0.626),
    "in_bathroom": Trait(0.0343, 0.888),
    "in_hallway": Trait(0.0849, 0.732),
    # for how long, as a multiple of errand_s
    "at_kitchen": Trait(1.82, 0.334),
    "at_lounge": Trait(1.19, 0.318),
    "at_bedroom": Trait(3.04, 0.306),
    "at_bathroom": Trait(1.25, 0.271),
    "at_hallway": Trait(1.81, 0.271),
    "snacking": Trait(0.231, 0.556),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(99.4, 0.142),
    "toilet_s": Trait(164, 0.541),
    "door_s": Trait(16.2, 0.603),
    "again_s": Trait(49.6, 0.433),  # until a door or fridge is opened once more
    "cooking": Trait(0.712, 0.605),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.115, 0.469, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.0662, 0.663),
    "rummaging": Trait(0.159, 0.507),
    "ajar": Trait(0.832, 0.357, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(7.94, 0.571),  # it stays open
    "dressing_s": Trait(706, 0.849),
    "eating_s": Trait(491, 0.477),
    "settling_s": Trait(260, 0.88),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.365, 0.786),
    "tea": Trait(2.65, 0.265),
    "cold drink": Trait(1.67, 0.418),
    "doorstep": Trait(2.32, 1.45),
    "early cup": Trait(0.65, 0.311, plain=True, high=1.0),
    "nightcap": Trait(0.63, 0.433, plain=True, high=1.0),
    "airing": Trait(0.44, 0.656),
    "outing": Trait(0.74, 0.853),
    "garden": Trait(2.73, 0.89),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.616, 0.341, high=0.98),
    "bedroom": Trait(0.862, 0.307, high=0.98),
    "hallway": Trait(0.936, 0.316, high=0.98),
    "kitchen": Trait(0.833, 0.19, high=0.98),
    "lounge": Trait(0.927, 0.276, high=0.98),
    "through": Trait(0.193, 0.907, high=0.6),  # of those beyond an open door
    "lag_s": Trait(2.46, 1.03),  # until a sensor sees who came in
}
