"""Streets of a given population, lived in a process that has known no other.

What draws from the population does so when it is imported, and is imported here only once the
population is settled.
"""

from dataclasses import dataclass

from simulator.realism.fit.misfit import Figures, figures
from simulator.realism.fit.traits import Population, settle
from simulator.realism.hearing import Heard, hear_columns
from simulator.realism.observed import Observed, observe_simulated

_DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class Streets:
    """What is lived for each population: the same seeds, so that chance is common to all.

    Attributes:
        seeds: One street each.
        homes: Of a street.
        days: How long.
        start: In epoch seconds.
    """

    seeds: tuple[int, ...]
    homes: int
    days: int
    start: float


@dataclass(frozen=True)
class Life:
    """A population, where it lives, and by which sensors its days are told."""

    population: Population
    streets: Streets
    sensors: tuple[str, ...]


def figures_of(life: Life) -> Figures:
    """What its homes come to. For a process of its own."""
    return figures(observed_of(life), life.sensors)


def observed_of(life: Life) -> Observed:
    """Its homes, as the sensors of the real recordings would tell them. As above."""
    settle(life.population)
    return observe_simulated([home for seed in life.streets.seeds for home in _heard(life, seed)])


def _heard(life: Life, seed: int) -> list[Heard]:
    from simulator.living.household import SETTLED  # noqa: PLC0415 - once the population is settled
    from simulator.living.senses.columns import joined  # noqa: PLC0415 - as above
    from simulator.living.street import Street  # noqa: PLC0415 - as above

    streets = life.streets
    street = Street(seed=seed, start=streets.start, homes=streets.homes, mix=SETTLED)
    until = streets.start + streets.days * _DAY_S
    homes = (street.home(number) for number in range(1, streets.homes + 1))
    return [
        hear_columns(f"{seed}-{home.name}", home.sensors, joined(home.columns(until)))
        for home in homes
    ]
