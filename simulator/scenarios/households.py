"""Who lives in each home of a scenario, and what is fitted there: drawn, but for what is said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from simulator.living.chance import Chance
from simulator.living.household import ALONE, SETTLED, Household, Mix
from simulator.scenarios.form import Scenario, StreetTable

_OF_THE_STREET = ("couples", "pets", "carers", "visitors", "sensors", "left_out")
_OF_A_HOME = ("residents", "pet", "carer_visits", "family_visits", "sensors")


def mix_of(street: StreetTable) -> Mix:
    """How homes differ: as on any street, or as is said. Sensors that are said are there."""
    said = {key: value for key in _OF_THE_STREET if (value := getattr(street, key)) is not None}
    if street.sensors is not None:
        said = {"left_out": 0.0, **said}
    return replace(ALONE if street.alone else SETTLED, **said)


def said_of_homes(scenario: Scenario) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What is not left to chance, by the number of the home."""
    for name, table in scenario.named():
        said = {key: value for key in _OF_A_HOME if (value := getattr(table, key)) is not None}
        if said:
            yield number_of(name), said


def household(scenario: Scenario, number: int) -> Household:
    """Who lives in a home, without living in it."""
    drawn = mix_of(scenario.street).draw(Chance.of(scenario.seed, number, 0))
    return replace(drawn, **dict(said_of_homes(scenario)).get(number, {}))


def number_of(home: str) -> int:
    """3 for `home3`."""
    return int(home.removeprefix("home"))
