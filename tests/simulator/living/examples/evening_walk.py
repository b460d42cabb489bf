"""A walk round the block before bed."""

from simulator.living.habits.habit import Habit
from simulator.living.person import Person


def _hours(person: Person, usual: float) -> list[float]:
    """About eight in the evening, on some days; on fewer of them when they feel weak."""
    walks = person.chance.happens(usual * person.vigour)
    return [person.chance.around(20.0, 0.3)] if walks else []


def _walk(person: Person) -> None:
    person.go_out(person.t + person.chance.spread(1500, 0.3))


EVENING_WALK = Habit(
    name="evening walk",
    why="they liked some air before bed",
    usual=lambda chance: chance.between(0.5, 0.9),
    hours=_hours,
    do=_walk,
)
