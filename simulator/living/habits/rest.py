"""Sleep by day."""

from typing import Final

from simulator.living.habits.habit import Habit, at_random
from simulator.living.person import Person
from simulator.living.population import PEOPLE

_DOZING: Final = 6.0  # times as still as awake


def _nap(person: Person) -> None:
    person.go(person.chance.pick(person.own.seats))
    until = person.free_until(person.t + person.chance.spread(4200, 0.5))
    person.stay(until - person.t, _DOZING * person.own.stillness_s)


NAP = Habit(
    name="nap",
    why="they were tired",
    usual=PEOPLE["nap"].draw,
    hours=lambda person, usual: at_random(person, usual * (2 - person.vigour), 10.5, 19.0),
    do=_nap,
)
