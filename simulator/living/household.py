"""Who lives in a home, with whom, and who comes: drawn, or said by a scenario."""

from dataclasses import dataclass

from simulator.living.chance import Chance
from simulator.living.senses.registry import USUAL


@dataclass(frozen=True, kw_only=True)
class Household:
    """One home's people.

    Attributes:
        residents: One or two.
        pet: Whether a cat lives here.
        carer_visits: Of a carer, a day.
        family_visits: Of family, a week.
        sensors: What is fitted.
    """

    residents: int = 1
    pet: bool = False
    carer_visits: int = 0
    family_visits: float = 0.0
    sensors: tuple[str, ...] = USUAL


@dataclass(frozen=True, kw_only=True)
class Mix:
    """How the homes of a street differ, as shares of all homes.

    Attributes:
        couples: Two residents.
        pets: A cat.
        carers: A carer comes, one to four times a day.
        visitors: Whether family comes, now and then.
        sensors: What is fitted.
        left_out: Share of these that an installer leaves out in a home, for want of a place.
    """

    couples: float = 0.0
    pets: float = 0.0
    carers: float = 0.0
    visitors: bool = False
    sensors: tuple[str, ...] = USUAL
    left_out: float = 0.0

    def draw(self, chance: Chance) -> Household:
        """One household."""
        couple, pet, carer, number = (chance.share() for _ in range(4))
        return Household(
            residents=2 if couple < self.couples else 1,
            pet=pet < self.pets,
            carer_visits=1 + int(number * 4) if carer < self.carers else 0,
            family_visits=chance.spread(1.2, 0.7) if self.visitors else 0.0,
            sensors=tuple(name for name in self.sensors if not chance.happens(self.left_out)),
        )


ALONE = Mix()
"""One person in each home, and nobody else."""

SETTLED = Mix(couples=0.15, pets=0.05, carers=0.25, visitors=True, left_out=0.04)
"""A street as others: some couples, a few cats, carers here and there."""
