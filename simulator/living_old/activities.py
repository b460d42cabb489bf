"""What people do: make tea, eat, wash, go to the toilet, see who is at the door.

Each activity is a stretch of one :class:`simulator.living.person.Person`'s life. Times are seconds.
"""

from collections.abc import Callable

from simulator.living.habits import Doing
from simulator.living.person import Life, Person
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN
from simulator.living.senses import FRIDGE, FRONT_DOOR

_BUSY = 75.0  # between two movements of somebody at work, seconds
_WH_PER_LITRE = 105.0  # from 15 to 100 deg C, with a tenth lost
_CUP_ML = 220.0
_GLASS_ML = 150.0
_FOOD_ML = 260.0  # water in what is eaten at one meal

_CHORE_ROOMS = ((KITCHEN, 0.4), (BEDROOM, 0.3), (BATHROOM, 0.23), (HALLWAY, 0.07))


def toilet(person: Person) -> Life:
    """Goes to the bathroom and voids."""
    yield from person.walk(BATHROOM)
    yield from person.stay(person.chance.spread(110, 0.35), gap=_BUSY)
    person.void()
    yield from person.stay(person.chance.spread(60, 0.4), gap=_BUSY)


def wash(person: Person) -> Life:
    """Washes, brushes teeth; voids while there."""
    yield from toilet(person)
    yield from person.stay(person.chance.spread(360, 0.35), gap=_BUSY)


def tea(person: Person) -> Life:
    """Boils water and makes a cup."""
    yield from person.walk(KITCHEN)
    yield from _boil(person)
    if person.chance.happens(0.75):
        yield from _open_fridge(person)  # milk
    yield from person.stay(person.chance.spread(70, 0.4), gap=_BUSY)
    person.body.drink(_CUP_ML)


def cold_drink(person: Person) -> Life:
    """A glass of something, from the fridge or the tap."""
    yield from person.walk(KITCHEN)
    if person.chance.happens(0.8):
        yield from _open_fridge(person)
    yield from person.stay(person.chance.spread(80, 0.4), gap=_BUSY)
    person.body.drink(_GLASS_ML)


def breakfast(person: Person) -> Life:
    """Tea, unless thirst is gone, and something to eat."""
    if person.chance.happens(person.felt.thirst):
        yield from tea(person)
    yield from meal(person)


def meal(person: Person) -> Life:
    """Cooks and eats."""
    yield from person.walk(KITCHEN)
    for _ in range(1 + person.chance.count(1.6)):
        yield from _open_fridge(person)
        yield from person.stay(person.chance.spread(290, 0.5), gap=_BUSY)
    person.body.drink(_FOOD_ML)
    yield from person.stay(person.chance.spread(700, 0.3), gap=2 * _BUSY)


def chore(person: Person) -> Life:
    """Sees to something in one of the rooms."""
    yield from person.walk(person.chance.pick(_CHORE_ROOMS))
    if person.room == KITCHEN and person.chance.happens(0.35):
        yield from _open_fridge(person)
    yield from person.stay(person.chance.spread(280, 0.7), gap=_BUSY)


def doorstep(person: Person) -> Life:
    """Post, a parcel, a neighbour."""
    yield from person.walk(HALLWAY)
    open_s = person.chance.spread(45, 0.6)
    person.senses.door(FRONT_DOOR, person.t, open_s)
    yield from person.stay(open_s + person.chance.spread(45, 0.6), gap=_BUSY)


def outing(person: Person) -> Life:
    """Shopping, church, friends."""
    if person.chance.happens(0.6):
        yield from toilet(person)
    yield from person.go_out(person.t + person.chance.spread(4500, 0.45))
    yield from chore(person)


def night_wandering(person: Person) -> Life:
    """Up at night without need: most often the kitchen, at times only the hallway."""
    yield from person.walk(person.chance.pick(((KITCHEN, 0.7), (HALLWAY, 0.3))))
    yield from person.stay(person.chance.spread(200, 0.6), gap=_BUSY)


def _boil(person: Person) -> Life:
    wh = round(_WH_PER_LITRE * person.chance.between(0.5, 1.3), 1)
    seconds = float(round(wh * 3600 / person.kettle_w))
    person.senses.boiled(person.t, wh, seconds)
    yield from person.stay(seconds + person.chance.between(5, 40), gap=_BUSY)


def _open_fridge(person: Person) -> Life:
    for _ in range(1 + person.chance.count(0.9)):
        seconds = person.chance.spread(7, 0.5)
        person.senses.door(FRIDGE, person.t, seconds)
        yield from person.stay(seconds + person.chance.between(2, 20), gap=_BUSY)


ACTIVITIES: dict[Doing, Callable[[Person], Life]] = {
    Doing.BREAKFAST: breakfast,
    Doing.MEAL: meal,
    Doing.TEA: tea,
    Doing.COLD_DRINK: cold_drink,
    Doing.WASH: wash,
    Doing.CHORE: chore,
    Doing.DOORSTEP: doorstep,
    Doing.OUTING: outing,
}
