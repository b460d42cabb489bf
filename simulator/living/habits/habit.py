"""What a habit is: how often, at what hours, and what is done: the form each file here fills in."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.living.chance import Chance
from simulator.living.person import Person


@dataclass(frozen=True, kw_only=True)
class Habit:
    """Something a day is made of.

    Attributes:
        name: As reasons and scenarios call it.
        why: Why it is done, as a reason reads.
        usual: How often a day one person does it, drawn once for a life.
        hours: At what hours of today's wall clock; `person.own.usual[name]` says how often.
        do: Does it.
    """

    name: str
    why: str
    usual: Callable[[Chance], float]
    hours: Callable[[Person, float], list[float]]
    do: Callable[[Person], None]


def at_random(person: Person, mean: float, first: float, last: float) -> list[float]:
    """Hours of things that come as they come: a Poisson number, anywhere between two hours."""
    chance = person.chance
    return [chance.between(first, last) for _ in range(chance.count(mean))] if mean > 0 else []


def spaced(person: Person, number: int, first: float, last: float) -> list[float]:
    """Hours of things spread over the day more evenly than chance would: thirst comes back."""
    apart = (last - first) / max(number, 1)
    return [first + apart * (index + person.chance.share()) for index in range(number)]


def always(usual: float) -> Callable[[Chance], float]:
    """Everybody does it so often."""
    return lambda _chance: usual
