"""How days and nights follow one another, and what a fall does to them."""

from math import exp

from simulator.living.activities import ACTIVITIES, night_wandering, toilet, wash
from simulator.living.habits import Doing, plan_day
from simulator.living.person import Life, Person
from simulator.living.rooms import BEDROOM, HALLWAY, LOUNGE
from simulator.living.senses import FRONT_DOOR

_SITTING = 900.0  # between two stirrings of somebody in a chair that a PIR sees, seconds
_STIRRING = 0.45  # share of stirrings with a second movement soon after
_TURNING = 3600.0  # of somebody asleep
_LOOK_S = 900.0  # a sleeper is asked so often whether something wakes them
_UNREST = 0.06  # wakings an hour of anybody
_AWAY_AT_LEAST_S = 3600.0


def life(person: Person) -> Life:
    """Days and nights without end. Begins asleep, or in the middle of a day."""
    hour = person.moment.hour
    if person.habits.wake_hour <= hour < person.habits.bed_hour:
        yield from _day(person)
    while True:
        yield from _night(person)
        yield from ACTIVITIES[Doing.BREAKFAST](person)
        yield from _day(person)


def fallen(person: Person, until: float) -> Life:
    """Falls where they are, is found at `until`, and is helped to bed or chair.

    Somebody in bed is taken to fall as they get up. On the floor they are out of sight of a PIR but
    for the first minutes.
    """
    person.asleep = False
    person.senses.bed(person.t, occupied=False)
    person.senses.moved(person.room, person.t)
    for _ in range(person.chance.count(1.5)):
        yield from person.until(person.t + person.chance.between(65, 150))
        person.senses.moved(person.room, person.t)
    yield from person.until(max(until, person.t + 60))
    yield from _rescue(person)
    yield from life(person)


def _rescue(person: Person) -> Life:
    """Somebody comes in, and the home is busy for a while."""
    person.senses.door(FRONT_DOOR, person.t, person.chance.between(5, 20))
    person.senses.moved(HALLWAY, person.t + 3)
    yield from person.stay(person.chance.spread(1500, 0.3), gap=60)
    person.void()
    person.body.drink(300)
    yield from person.walk(LOUNGE)
    yield from person.stay(1200, gap=120)
    person.senses.door(FRONT_DOOR, person.t, 10)
    yield from person.until(person.t + 10)


def _day(person: Person) -> Life:
    """From wherever the day stands until bedtime."""
    person.wake_up()
    today = person.moment.day
    plan = [
        (at, doing)
        for hour, doing in plan_day(person.habits, person.felt, person.chance)
        if (at := person.calendar.at(today, min(hour, 24.0))) > person.t
    ]
    bedtime = person.calendar.at(today, min(person.chance.around(person.habits.bed_hour, 0.3), 24))
    for at, doing in plan:
        yield from _leisure(person, min(at, bedtime))
        if person.t < bedtime:
            yield from ACTIVITIES[doing](person)
    yield from _leisure(person, bedtime)


def _leisure(person: Person, until: float) -> Life:
    """Sits in the lounge; gets up only when the bladder says so, or leaves for days."""
    while person.t < until:
        if (back := person.absent_until()) - person.t > _AWAY_AT_LEAST_S:
            yield from person.go_out(back)
            return
        if person.must_go():
            yield from toilet(person)
        yield from person.walk(LOUNGE)
        gap = person.chance.wait(_SITTING / person.habits.restlessness)
        yield from person.until(min(person.t + gap, max(until, person.t)))
        person.senses.moved(LOUNGE, person.t)
        if person.t < until and person.chance.happens(_STIRRING):
            yield from person.stay(person.chance.between(65, 200), gap=70)


def _night(person: Person) -> Life:
    """To bed, and up again as often as something wakes them, until morning."""
    morning = _morning(person)
    if person.chance.happens(0.7):
        yield from toilet(person)
    while person.t < morning:
        yield from _sleep(person, morning)
        if person.t >= morning:
            break
        if person.felt.irritation or person.body.urge(person.felt.capacity) > _half_full(person):
            yield from toilet(person)
        else:
            yield from night_wandering(person)
    yield from wash(person)


def _sleep(person: Person, until: float) -> Life:
    """In bed and asleep until the bladder, unrest or the morning wakes them; then gets up."""
    yield from person.walk(BEDROOM)
    yield from person.stay(person.chance.spread(150, 0.5), gap=70)
    if person.t >= until:
        return
    person.senses.bed(person.t, occupied=True)
    person.asleep = True
    woken = False
    while person.t < until and not woken:
        rest = min(_LOOK_S, until - person.t)
        yield from person.until(person.t + rest)
        if person.chance.happens(1 - exp(-rest / _TURNING)):
            person.senses.moved(BEDROOM, person.t)
        unrest = 1 - exp(-(_UNREST + person.felt.unrest) * rest / 3600)
        woken = person.must_go() or person.chance.happens(unrest)
    person.asleep = False
    person.senses.bed(person.t, occupied=False)
    yield from person.until(person.t + person.chance.between(2, 10))
    person.senses.moved(BEDROOM, person.t)


def _half_full(person: Person) -> float:
    return person.habits.light_sleep / 2


def _morning(person: Person) -> float:
    """When they will get up: today if it is still before that, else tomorrow."""
    moment = person.moment
    day = moment.day if moment.hour < person.habits.wake_hour - 1 else moment.day + 1
    return person.calendar.at(day, person.chance.around(person.habits.wake_hour, 0.35))
