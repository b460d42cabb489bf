"""Washing, dressing, bed-making."""

from collections.abc import Callable

from simulator.living.habits.habit import Habit, always
from simulator.living.person import Person
from simulator.living.rooms import BATHROOM, BEDROOM


def wash(person: Person) -> None:
    """Washes, brushes teeth; voids while there."""
    visit_toilet(person)
    person.stay(person.chance.spread(450, 0.5))


def visit_toilet(person: Person) -> None:
    """Goes to the bathroom and voids."""
    person.go(BATHROOM)
    person.stay(person.chance.spread(person.own.toilet_s, 0.5))
    person.void()
    person.stay(person.chance.spread(person.own.toilet_s / 3, 0.5))


def for_a_while(person: Person, seconds: float, be: Callable[[float], None]) -> None:
    """Is somewhere for so long, but for ways to the toilet and back; `be` is told how long."""
    until, where = person.t + seconds, person.room
    while person.t < until and not person.away():
        be(person.free_until(until) - person.t)
        if person.must_go():
            visit_toilet(person)
            person.go(where)


def _dress(person: Person) -> None:
    person.go(BEDROOM)
    person.stay(person.chance.spread(person.own.dressing_s, 0.4))


EVENING_WASH = Habit(
    name="evening wash",
    why="it was time to get ready for bed",
    usual=always(1),
    hours=lambda person, _usual: [person.own.bed_hour - person.chance.between(0.1, 0.6)],
    do=wash,
)
MORNING_WASH = Habit(
    name="morning wash",
    why="it was time to wash",
    usual=always(1),
    hours=lambda person, _usual: [person.own.wake_hour + person.chance.spread(1.8, 0.4)],
    do=wash,
)
DRESSING = Habit(
    name="dressing",
    why="they got dressed for the day",
    usual=always(1),
    hours=lambda person, _usual: [person.own.wake_hour + person.chance.spread(1.2, 0.4)],
    do=_dress,
)
