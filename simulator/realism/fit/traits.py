"""The traits of a population as parameters that can be turned, and put in force."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp
from typing import Literal, NamedTuple

from simulator.living import population
from simulator.living.population import Trait
from simulator.realism.clock import Floats

PROBE = 0.2
"""How far a parameter is turned to see what it does: a fifth, nearly."""
_LEAST_UNIT = 0.1
_DIGITS = 3
_TABLES = {"PEOPLE": population.PEOPLE, "HOMES": population.HOMES}


Part = Literal["middle", "sigma"]
_PARTS: tuple[Part, ...] = ("middle", "sigma")


class Key(NamedTuple):
    """Where a trait stands: in which table of the population, and by which name."""

    table: str
    name: str


Population = dict[Key, Trait]


def present() -> Population:
    """The population as it is."""
    return {Key(table, name): t for table, traits in _TABLES.items() for name, t in traits.items()}


def settle(traits: Population) -> None:
    """From here on everybody in this process is of this population.

    Raises:
        RuntimeError: Too late: what has drawn from the traits, such as habits, would keep the old.
    """
    if drawn := sorted(_drawing()):
        raise RuntimeError(f"a population is settled before {drawn[0]} is imported")
    for key, trait in traits.items():
        _TABLES[key.table][key.name] = trait


def _drawing() -> Iterable[str]:
    """Modules that have taken a table of traits into use."""
    for name, module in list(sys.modules.items()):
        if name.startswith("simulator.living.") and module is not population:
            taken = (vars(module).get(table) is traits for table, traits in _TABLES.items())
            if any(taken):
                yield name


class Knob(NamedTuple):
    """One parameter of one trait."""

    key: Key
    part: Part

    def turned(self, trait: Trait, by: float) -> Trait:
        """The trait with this parameter moved: in logarithms, but for a normal trait's middle.

        That moves by so many sigmas, or by so many tenths where sigma is less. A middle stays
        where the trait can be.
        """
        if self.part == "sigma":
            return trait._replace(sigma=trait.sigma * exp(by))
        unit = max(trait.sigma, _LEAST_UNIT)
        middle = trait.middle + by * unit if trait.plain else trait.middle * exp(by)
        return trait._replace(middle=min(max(middle, trait.low), trait.high))

    def probe(self, trait: Trait) -> float:
        """By how much to turn it to see what it does: up, or down where above is no room."""
        up = self.turned(trait, PROBE)
        return -PROBE if self.part == "middle" and up.middle >= trait.high else PROBE


@dataclass(frozen=True)
class Knobs:
    """Those that are turned, each by a number of its own."""

    knobs: tuple[Knob, ...]

    @classmethod
    def of(cls, traits: Population, only: Iterable[str] = ()) -> "Knobs":
        """Middle and sigma of all traits, or of `only` those with these names.

        Raises:
            ValueError: There is no such trait.
        """
        wanted = set(only)
        if strangers := wanted - {key.name for key in traits}:
            raise ValueError(f"no trait is called {min(strangers)!r}")
        chosen = [key for key in traits if not wanted or key.name in wanted]
        return cls(tuple(Knob(key, part) for key in chosen for part in _PARTS))

    def probes(self, point: Population) -> list[tuple[float, Population]]:
        """Each knob turned by itself."""
        found: list[tuple[float, Population]] = []
        for knob in self.knobs:
            trait = point[knob.key]
            by = knob.probe(trait)
            found.append((by, {**point, knob.key: knob.turned(trait, by)}))
        return found

    def moved(self, point: Population, by: Floats) -> Population:
        """All knobs turned, and what they are turned to cut to the digits that will be written."""
        moved = dict(point)
        for knob, far in zip(self.knobs, by.tolist(), strict=True):
            moved[knob.key] = knob.turned(moved[knob.key], far)
        for key in {knob.key for knob in self.knobs}:
            moved[key] = _rounded(moved[key])
        return moved


def _rounded(trait: Trait) -> Trait:
    middle, sigma = (float(f"{value:.{_DIGITS}g}") for value in (trait.middle, trait.sigma))
    return trait._replace(middle=min(max(middle, trait.low), trait.high), sigma=sigma)
