"""Drinks and meals."""

from typing import Final

from simulator.living.habits.habit import Habit, always, spaced
from simulator.living.person import Person
from simulator.living.population import PEOPLE
from simulator.living.rooms import KITCHEN, LOUNGE

_WITH_BREAKFAST: Final = 0.6  # share of them with tea
_WITH_SUPPER: Final = 0.4
_APART_S: Final = 100.0  # from one boil to the next, at least
_CUP_ML: Final = 220.0
_GLASS_ML: Final = 150.0
_FOOD_ML: Final = 260.0  # water in what is eaten at one meal


def make_tea(person: Person) -> None:
    """Boils water and makes a cup."""
    person.go(KITCHEN)
    _boil(person)
    if person.chance.happens(0.5):
        open_fridge(person)  # milk
    person.stay(person.chance.spread(70, 0.4))
    person.drink(_CUP_ML)


def pour_cold(person: Person) -> None:
    """A glass of something, from the fridge or the tap."""
    person.go(KITCHEN)
    if person.chance.happens(0.8):
        open_fridge(person)
    person.stay(person.chance.spread(80, 0.4))
    person.drink(_GLASS_ML)


def open_fridge(person: Person) -> None:
    """Opens it, and mostly opens it again: what was taken out goes back in."""
    chance = person.chance
    person.stay(chance.spread(8, 0.8))
    for again in range(1 + chance.count(person.own.rummaging)):
        if again:
            person.stay(chance.spread(person.own.again_s, 1.15))
        seconds = chance.spread(person.own.fridge_s, 0.9) + 0.7
        person.open("fridge", seconds)
        person.wait(seconds + chance.between(1, 3))


def _eat(person: Person) -> None:
    person.go(KITCHEN)
    for _ in range(1 + person.chance.count(person.own.cooking)):
        open_fridge(person)
        person.stay(person.chance.spread(160, 0.7))
    person.drink(_FOOD_ML)
    if person.chance.happens(0.25):
        person.go(LOUNGE)
    person.stay(person.chance.spread(person.own.eating_s, 0.4), 2 * person.own.busy_s)


def _breakfast(person: Person) -> None:
    if person.chance.happens(_WITH_BREAKFAST * person.felt.thirst):
        make_tea(person)
    _eat(person)


def _supper(person: Person) -> None:
    if person.chance.happens(_WITH_SUPPER * person.felt.thirst):
        make_tea(person)
    _eat(person)


def _for_the_thirsty(person: Person, hour: float, likely: float) -> list[float]:
    """At an hour, on so many days; thirst decides, too."""
    return [hour] if person.chance.happens(likely * person.felt.thirst) else []


def _boil(person: Person) -> None:
    """Boils water; at times it is forgotten, and boiled again."""
    for again in (True, False) if person.chance.happens(person.own.forgetting) else (False,):
        use = person.kettle.draw_use(person.chance)
        person.trace.act("kettle", person.t + use.seconds, use.wh, use.seconds)
        person.stay(use.seconds + person.chance.spread(20, 0.8))
        if again:
            person.stay(_APART_S + person.chance.spread(300, 0.8))


def _thirsts(person: Person, usual: float) -> list[float]:
    """Drinks of one day: thirst thins them one by one, and a dry body asks for more."""
    own, chance = person.own, person.chance
    number = max(1, chance.count(usual * person.busy))
    if person.felt.thirst > 1 and chance.happens(0.8):
        number += round((person.felt.thirst - 1) * usual + chance.share() * 0.5)
    hours = spaced(person, number, own.wake_hour + 2, own.bed_hour - 1.2)
    return [hour for hour in hours if chance.happens(person.felt.thirst)]


TEA = Habit(
    name="tea",
    why="it was time for a cup of tea",
    usual=PEOPLE["tea"].draw,
    hours=_thirsts,
    do=make_tea,
)
COLD_DRINK = Habit(
    name="cold drink",
    why="they wanted something cold",
    usual=PEOPLE["cold drink"].draw,
    hours=_thirsts,
    do=pour_cold,
)
EARLY_CUP = Habit(
    name="early cup",
    why="they like a cup as soon as they are up",
    usual=PEOPLE["early cup"].draw,
    hours=lambda person, usual: _for_the_thirsty(person, person.own.wake_hour + 0.1, usual),
    do=make_tea,
)
NIGHTCAP = Habit(
    name="nightcap",
    why="they like something warm before bed",
    usual=PEOPLE["nightcap"].draw,
    hours=lambda person, usual: _for_the_thirsty(person, person.own.bed_hour - 1.0, usual),
    do=make_tea,
)
BREAKFAST = Habit(
    name="breakfast",
    why="they had just got up",
    usual=always(1),
    hours=lambda person, _usual: [person.own.wake_hour + person.chance.spread(0.7, 0.4)],
    do=_breakfast,
)
LUNCH = Habit(
    name="lunch",
    why="it was lunchtime",
    usual=always(1),
    hours=lambda person, _usual: [person.chance.around(12.6, 0.4)],
    do=_eat,
)
SUPPER = Habit(
    name="supper",
    why="it was time to eat",
    usual=always(1),
    hours=lambda person, _usual: [person.chance.around(17.8, 0.6)],
    do=_supper,
)
