"""The door, the garden, and what lies beyond."""

from typing import Final

from simulator.living.fate import Struck
from simulator.living.habits.habit import Habit, at_random
from simulator.living.habits.upkeep import for_a_while
from simulator.living.person import Person
from simulator.living.population import PEOPLE
from simulator.living.rooms import GARDEN, HALLWAY, KITCHEN

_OUTINGS_S: Final = (((4500.0, 0.8), 0.9), ((22_000.0, 0.3), 0.1))  # shops; a day with somebody
_STILL_OPEN_S: Final = 900.0  # after somebody fell, at least
_BACK_BEFORE_BED_H: Final = 0.5
_LATEST_H: Final = 22.5
_OUTSIDE_S: Final = (((120.0, 1.0), 0.55), ((2400.0, 0.8), 0.45))  # the bins; the beds
_LIGHTER: Final = 0.6  # times as long open as the front door: nobody stands there to talk
_CENTRE_DAYS: Final = 2  # weekdays with a day centre, for those who go


def _answer(person: Person) -> None:
    person.go(HALLWAY)
    person.use_door("front_door", person.chance.spread(person.own.door_s, 1.1))
    person.stay(person.chance.spread(30, 0.6))


def _go_out(person: Person) -> None:
    tonight = person.at(person.moment.day, min(person.own.bed_hour, _LATEST_H) - _BACK_BEFORE_BED_H)
    median, sigma = person.chance.pick(_OUTINGS_S)
    person.go_out(min(person.t + person.chance.spread(median, sigma), tonight))
    person.go(KITCHEN)
    person.stay(person.chance.spread(240, 0.6))


def _see_the_garden(person: Person) -> None:
    way_in = person.way_to(GARDEN)
    person.go(way_in)
    for _ in range(1 + person.chance.count(0.6)):
        median, sigma = person.chance.pick(_OUTSIDE_S)
        outside = person.chance.spread(median, sigma)
        if person.chance.happens(person.own.ajar):
            _leave_it_open(person, outside)
        else:
            _use_back_door(person)
            person.wait(person.free_until(person.t + outside) - person.t)
            _use_back_door(person)
        person.stay(person.chance.spread(20, 0.8))


def _leave_it_open(person: Person, seconds: float) -> None:
    """In the garden and in and out, until they close it; after a fall somebody else does."""
    opened, end = person.t, person.t
    try:
        for_a_while(person, seconds, person.wait)
        end = person.t
    except Struck:
        end = max(opened + seconds, person.t + _STILL_OPEN_S)
        raise
    finally:
        person.trace.opened("back_door", opened, end - opened)


def _use_back_door(person: Person) -> None:
    person.use_door("back_door", person.chance.spread(_LIGHTER * person.own.door_s, 1.0))


def _just_up(person: Person) -> tuple[float, float]:
    return person.own.wake_hour + 0.2, person.own.wake_hour + 1.5


def _centre_hours(person: Person, usual: float) -> list[float]:
    """Two fixed days of the week, for the few who go."""
    if usual < 0:
        return []
    weekday = person.moment.day % 7
    return [9.6] if weekday in {int(usual), (int(usual) + _CENTRE_DAYS) % 7} else []


def _to_the_centre(person: Person) -> None:
    person.go_out(person.t + person.chance.around(5.5, 0.4) * 3600)


DOORSTEP = Habit(
    name="doorstep",
    why="somebody was at the door",
    usual=PEOPLE["doorstep"].draw,
    hours=lambda person, usual: at_random(person, usual * person.busy, 6.8, 21.8),
    do=_answer,
)
OUTING = Habit(
    name="outing",
    why="there was something to do in town",
    usual=PEOPLE["outing"].draw,
    hours=lambda person, usual: at_random(person, usual * person.busy * person.vigour, 8.5, 17.0),
    do=_go_out,
)
GARDENING = Habit(
    name="garden",
    why="they liked to see the garden",
    usual=PEOPLE["garden"].draw,
    hours=lambda person, usual: at_random(
        person, usual * person.busy * person.vigour, person.own.wake_hour, 20.0
    ),
    do=_see_the_garden,
)
AIRING = Habit(
    name="airing",
    why="they let the morning in",
    usual=PEOPLE["airing"].draw,
    hours=lambda person, usual: at_random(person, usual, *_just_up(person)),
    do=_see_the_garden,
)
DAY_CENTRE = Habit(
    name="day centre",
    why="it was their day at the day centre",
    usual=lambda chance: float(int(chance.share() * 7)) if chance.happens(0.25) else -1.0,
    hours=_centre_hours,
    do=_to_the_centre,
)
