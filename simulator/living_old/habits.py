"""What is this person's own: hours, thirst, pace, and how each day is laid out around them."""

from dataclasses import dataclass
from enum import StrEnum

from simulator.living.chance import Chance
from simulator.living.episodes import Effects


class Doing(StrEnum):
    """Something a day is made of."""

    BREAKFAST = "breakfast"
    MEAL = "meal"
    TEA = "tea"
    COLD_DRINK = "cold_drink"
    WASH = "wash"
    CHORE = "chore"
    DOORSTEP = "doorstep"
    OUTING = "outing"


@dataclass(frozen=True, kw_only=True)
class Habits:
    """One person's usual.

    Attributes:
        wake_hour, bed_hour: On the wall clock.
        teas, cold_drinks, chores, outings, doorsteps: A day, on average. Breakfast's tea is extra.
        capacity_ml: Of the bladder.
        urge: Share of a full bladder that sends them to the toilet by day, on average.
    pace: Metres a second.
        restlessness: How much they move about where they are; 1 is usual.
        light_sleep: Share of a full bladder that wakes them.
        variability: Of a day against another, as the sigma of a log-normal factor.
    """

    wake_hour: float
    bed_hour: float
    teas: float
    cold_drinks: float
    chores: float
    outings: float
    doorsteps: float
    capacity_ml: float
    urge: float
    pace: float
    restlessness: float
    light_sleep: float
    variability: float


def draw_habits(chance: Chance) -> Habits:
    """Somebody in their eighties who lives alone."""
    return Habits(
        wake_hour=chance.around(7.2, 0.6),
        bed_hour=chance.around(22.4, 0.5),
        teas=chance.between(3.2, 5.0),
        cold_drinks=chance.between(1.5, 3.5),
        chores=chance.spread(18, 0.28),
        outings=chance.between(0.4, 1.1),
        doorsteps=chance.between(1.0, 3.5),
        capacity_ml=chance.between(240, 370),
        urge=chance.between(0.45, 0.85),
        pace=chance.around(0.72, 0.1),
        restlessness=chance.spread(1, 0.25),
        light_sleep=chance.between(0.5, 1.0),
        variability=chance.between(0.32, 0.58),
    )


def plan_day(habits: Habits, felt: Effects, chance: Chance) -> list[tuple[float, Doing]]:
    """What the day will hold after getting up, as (hour on the wall clock, what), the first first.

    A busy day has more of what need not be; thirst thins the drinks one by one.
    """
    busy = felt.activity * chance.spread(1, habits.variability)
    morning, night = habits.wake_hour + 1.2, habits.bed_hour - 0.6
    day = [
        (chance.around(12.6, 0.3), Doing.MEAL),
        (chance.around(18.1, 0.4), Doing.MEAL),
        (chance.around(habits.bed_hour - 0.35, 0.12), Doing.WASH),
    ]
    day += _sprinkled(Doing.CHORE, habits.chores * busy, morning, night, chance)
    day += _sprinkled(Doing.DOORSTEP, habits.doorsteps * busy, 8.5, 18.5, chance)
    day += _sprinkled(Doing.OUTING, habits.outings * busy, 9.5, 16.0, chance)
    day += _drinks(habits, felt, chance)
    return sorted(day)


def _sprinkled(
    doing: Doing, mean: float, first: float, last: float, chance: Chance
) -> list[tuple[float, Doing]]:
    return [(chance.between(first, last), doing) for _ in range(chance.count(mean))]


def _drinks(habits: Habits, felt: Effects, chance: Chance) -> list[tuple[float, Doing]]:
    """Drinks spread over the day, more evenly than chance would: thirst comes back."""
    wanted = [(Doing.TEA, habits.teas), (Doing.COLD_DRINK, habits.cold_drinks)]
    first, last = habits.wake_hour + 2, habits.bed_hour - 1.2
    drinks: list[tuple[float, Doing]] = []
    for doing, mean in wanted:
        number = max(1, round(chance.around(mean, 1.3)))
        apart = (last - first) / number
        hours = (first + apart * (index + chance.share()) for index in range(number))
        drinks += [(hour, doing) for hour in hours if chance.happens(felt.thirst)]
    return drinks
