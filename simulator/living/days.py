"""How days and nights follow one another, and what a fall does to them."""

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Final

from simulator.living.episodes.episode import Episode
from simulator.living.fate import Back, Gone, Struck
from simulator.living.habits.habit import Habit
from simulator.living.habits.registry import HABITS
from simulator.living.habits.upkeep import visit_toilet
from simulator.living.person import Person
from simulator.living.rooms import BEDROOM, HALLWAY, KITCHEN, LOUNGE, OUTSIDE

_EVENINGS: Final = 0.5  # how far they stray, as a multiple of mornings
_LIE_IN: Final = 0.5  # of what somebody was late to bed, they are late to get up
_LEAST_SLEEP_H: Final = 4.0  # before they would get up: nobody goes to bed later than that
_DOZING_OFF_S: Final = 600.0  # in bed, median
_LIE_S: Final = 60.0  # at least, on the floor


def live(person: Person) -> None:
    """The next day or night; where a fall ends it early, what is left of it comes next.

    Whoever leaves for good has all eternity behind them.
    """
    then: Callable[[Person], None] | None = _day if person.up else _night
    while then is not None:
        try:
            then(person)
        except (Back, Gone):
            return
        except Struck as struck:
            then = partial(_lie, fall=struck.fall)
        else:
            then = None


def _day(person: Person) -> None:
    """From getting up, or from wherever the day stands, until bedtime."""
    today = person.moment.day
    person.rise()
    person.late_h = person.chance.around(0, _EVENINGS * person.own.regularity_h)
    latest = 24 + person.own.wake_hour - _LEAST_SLEEP_H
    bedtime = person.at(today, min(person.own.bed_hour + person.late_h, latest))
    for at, habit in _plan(person, today):
        _potter(person, min(at, bedtime))
        if person.t < bedtime and not person.away():
            person.because(habit.name, habit.why)
            habit.do(person)
    _potter(person, bedtime)
    person.turn_in()


def _plan(person: Person, today: int) -> list[tuple[float, Habit]]:
    usual = person.own.usual
    plan = [
        (at, habit)
        for habit in HABITS
        for hour in habit.hours(person, usual[habit.name])
        if (at := person.at(today, hour)) > person.t
    ]
    plan.sort(key=itemgetter(0))
    return plan


def _potter(person: Person, until: float) -> None:
    """This and that, as the body allows; or away for days."""
    while person.t < until:
        if person.away():
            person.be_away()
        person.potter(until)
        if person.must_go():
            visit_toilet(person)


def _night(person: Person) -> None:
    """To bed, and up again as often as something wakes them, until morning."""
    morning = _morning(person)
    while person.t < morning:
        if person.away():
            person.be_away()
        _sleep(person, morning)
    person.up = True
    person.because("getting up", "it was morning")
    visit_toilet(person)


def _sleep(person: Person, until: float) -> None:
    """In bed until the bladder, unrest or the morning wakes them; then up."""
    person.go(BEDROOM)
    person.stay(min(person.chance.spread(person.own.settling_s, 0.7), max(until - person.t, 0.0)))
    if person.must_go():
        visit_toilet(person)
        return
    person.bed(occupied=True)
    awake_s = person.chance.spread(_DOZING_OFF_S, 0.6)
    person.stay(min(awake_s, max(until - person.t, 1.0)), person.own.turning_s)
    person.doze_off()
    try:
        called = _rest(person, until)
    finally:
        person.wake()
        person.bed(occupied=False)
    person.trace.came(person.t, BEDROOM)
    person.wait(person.chance.between(2, 10))
    if called == "toilet":
        visit_toilet(person)
    elif called == "unrest":
        _roam(person)


def _rest(person: Person, until: float) -> str:
    """Sleeps; returns what woke them."""
    while person.t < until and not person.away():
        wakes = person.t + person.chance.wait(3600 / (person.own.unrest + person.felt.unrest))
        person.sleep(min(until, wakes))
        if person.must_go():
            return "toilet"
        if person.t >= wakes:
            person.because("unrest", "they woke without need")
            return "unrest"
    return "morning"


def _roam(person: Person) -> None:
    """Up at night without need: to the bathroom or the kitchen, or about the home."""
    chance = person.chance
    if not chance.happens(person.felt.wandering):
        person.go(chance.pick(((KITCHEN, 0.6), (HALLWAY, 0.3), (LOUNGE, 0.1))))
        person.stay(chance.spread(200, 0.8))
        return
    for _ in range(2 + chance.count(3)):
        person.go(chance.pick(((KITCHEN, 0.3), (HALLWAY, 0.3), (LOUNGE, 0.3), (BEDROOM, 0.1))))
        person.stay(chance.spread(150, 0.8))
    if chance.happens(0.3):
        person.go(HALLWAY)
        person.open("front_door", chance.spread(10, 0.5))


def _morning(person: Person) -> float:
    """When they will get up: today if it is still before that, else tomorrow."""
    own, moment = person.own, person.moment
    day = moment.day if moment.hour < own.wake_hour - 1 else moment.day + 1
    late = _LIE_IN * person.late_h
    stray = own.regularity_h * (1 - (_LIE_IN * _EVENINGS) ** 2) ** 0.5
    return person.at(day, person.chance.around(own.wake_hour + late, stray))


def _lie(person: Person, fall: Episode) -> None:
    """On the floor, out of sight of a motion sensor after the first minutes, until found."""
    if person.room == OUTSIDE:
        person.come_in()
    if fall.room and fall.room != person.room:
        person.walk(fall.room, 1.0, 0.0)
    until = max(fall.onset + fall.plateau_s, person.t + _LIE_S)
    person.because("fall", "they fell, and could not get up")
    person.up = True
    person.trace.came(person.t, person.room)
    person.trace.stayed(person.t, min(person.t + 180, until), person.room, 1 / 100)
    person.t = until
    person.settle()
    _be_helped(person)


def _be_helped(person: Person) -> None:
    """Somebody comes in, and the home is busy for a while."""
    person.because("help", "somebody came in and found them")
    person.open("front_door", person.chance.between(5, 20))
    person.trace.came(person.t + 3, HALLWAY)
    person.stay(person.chance.spread(1500, 0.3), 60)
    person.void()
    person.drink(300)
    person.go(LOUNGE)
    person.stay(1200, 120)
    person.open("front_door", 10)
    person.wait(10)
