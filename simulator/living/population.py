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
        draw = chance.around if self.plain else chance.spread
        return min(max(draw(self.middle, self.sigma), self.low), self.high)


PEOPLE: dict[str, Trait] = {
    # hours of the wall clock
    "wake_hour": Trait(7.55, 1.0, plain=True, low=4, high=10),
    "bed_hour": Trait(22.3, 0.8, plain=True, low=20, high=26),
    "regularity_h": Trait(1.1, 0.5),
    # the body
    "capacity_ml": Trait(310, 0.12, low=180),
    "urge": Trait(0.62, 0.12, high=0.9),
    "light_sleep": Trait(1.08, 0.2, high=1.2),
    "unrest": Trait(0.04, 0.44),
    "turning_s": Trait(12000, 0.8),
    # walking
    "pace": Trait(0.72, 0.2, low=0.25),
    "pausing": Trait(0.294, 0.47, high=0.9),  # share of ways with a stop before the first step
    "pause_s": Trait(28, 0.4),
    # one day and another
    "variability": Trait(0.14, 0.31),
    "persistence": Trait(0.85, 0.1, plain=True, high=0.95),
    # the day between habits
    "sitting_s": Trait(1000, 0.25),
    "stillness_s": Trait(820, 0.4),
    "seat_lounge": Trait(0.66, 0.3),
    "seat_kitchen": Trait(0.12, 0.9),
    "seat_bedroom": Trait(0.0811, 0.9),
    "errands": Trait(7.2, 0.3),
    "errand_s": Trait(38, 0.7),
    "morning": Trait(1.8, 0.3),  # errands before noon, as a multiple of those after it
    "evening": Trait(0.6, 0.3),  # errands after six
    "in_kitchen": Trait(0.28, 0.3),
    "in_lounge": Trait(0.11, 0.4),
    "in_bedroom": Trait(0.09, 0.5),
    "in_bathroom": Trait(0.03, 0.6),
    "in_hallway": Trait(0.18, 0.5),
    "snacking": Trait(0.2, 0.4),  # share of errands in the kitchen that end at the fridge
    # doors and appliances
    "busy_s": Trait(105, 0.12),
    "toilet_s": Trait(155, 0.3),
    "door_s": Trait(12, 0.4),
    "again_s": Trait(50, 0.3),  # until a door or fridge is opened once more
    "cooking": Trait(0.9, 0.4),  # times that the fridge is needed for one meal
    "forgetting": Trait(0.15, 0.5, high=0.6),  # share of boils that are boiled again
    "fumbling": Trait(0.14, 0.5),
    "rummaging": Trait(0.33, 0.4),
    "ajar": Trait(0.55, 0.25, plain=True, high=1.0),  # how often the back door stays open
    "fridge_s": Trait(8, 0.5),  # it stays open
    "dressing_s": Trait(480, 0.6),
    "eating_s": Trait(520, 0.4),
    "settling_s": Trait(220, 0.6),  # in the bedroom before bed
    # habits, a day
    "nap": Trait(0.6, 0.5),
    "tea": Trait(2.9, 0.25),
    "cold drink": Trait(1.6, 0.25),
    "doorstep": Trait(2.3, 0.9),
    "early cup": Trait(0.45, 0.35, plain=True, high=1.0),
    "nightcap": Trait(0.6, 0.35, plain=True, high=1.0),
    "airing": Trait(0.4, 0.6),
    "outing": Trait(0.8, 0.5),
    "garden": Trait(3.9, 0.8),
}
HOMES: dict[str, Trait] = {
    # share of movements that a motion sensor sees
    "bathroom": Trait(0.654, 0.25, high=0.98),
    "bedroom": Trait(0.8, 0.25, high=0.98),
    "hallway": Trait(0.8, 0.2, high=0.98),
    "kitchen": Trait(0.75, 0.15, high=0.98),
    "lounge": Trait(0.905, 0.27, high=0.98),
    "lag_s": Trait(3.4, 0.6),  # until a sensor sees who came in
}
