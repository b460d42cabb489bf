"""What is counted in tests of made-up lives: visits, voids, boils, transits, by day and by night.

Each takes what a home told and the days to look at, and gives one number a day, or a median.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import mean, median

import numpy as np

from simulator.living.episodes.episode import DAY_S
from tests.simulator.living.people import Floats, Told

Measure = Callable[[Told, float, float], float]

_VISIT = 300 / DAY_S
_TRANSIT = 60 / DAY_S
ROOMS = ("bathroom", "bedroom", "hallway", "kitchen", "lounge")
MOTION = tuple(f"{room}-pir" for room in ROOMS)
_SHUT = {"bathroom-pir", "bedroom-pir"}
_DAY_ROOMS = ("kitchen-pir", "lounge-pir", "hallway-pir")


def ratio(
    measure: Measure, ill: Sequence[Told], well: Sequence[Told], first: float, last: float
) -> float:
    """How many times more of it the ones have than the others, on average over all of them."""
    return over(measure, ill, first, last) / over(measure, well, first, last)


def over(measure: Measure, homes: Sequence[Told], first: float, last: float) -> float:
    """Its mean over homes."""
    return mean(measure(one, first, last) for one in homes)


def within(times: Floats, first: float, last: float) -> Floats:
    """Those from day `first` to before day `last`."""
    return times[(times >= first) & (times < last)]


def clock_hour(times: Floats) -> Floats:
    """Hours of the day in UTC, which is London's before the 28th day of these tests."""
    return times % 1 * 24


def visits(times: Floats) -> Floats:
    """The first of each visit: what comes within five minutes of another belongs to it."""
    return times[np.diff(times, prepend=-1.0) > _VISIT]


def daily(count: Callable[[Told, float, float], Floats]) -> Measure:
    """How many a day."""
    return lambda told, first, last: len(count(told, first, last)) / (last - first)


def _bathroom(told: Told, first: float, last: float) -> Floats:
    return within(visits(told.times("bathroom-pir")), first, last)


def _asleep(times: Floats) -> Floats:
    return times[clock_hour(times) < 6]


def _morning(times: Floats) -> Floats:
    return times[(clock_hour(times) >= 7) & (clock_hour(times) < 13)]


def _awake(times: Floats) -> Floats:
    return times[(clock_hour(times) >= 9) & (clock_hour(times) < 21)]


bathroom = daily(_bathroom)
bathroom_by_night = daily(lambda *args: _asleep(_bathroom(*args)))
bathroom_by_day = daily(lambda *args: _awake(_bathroom(*args)))
bathroom_by_morning = daily(lambda *args: _morning(_bathroom(*args)))
voids = daily(lambda told, first, last: within(told.times("toilet-flush"), first, last))
voids_by_night = daily(
    lambda told, first, last: _asleep(within(told.times("toilet-flush"), first, last))
)
voids_by_morning = daily(
    lambda told, first, last: _morning(within(told.times("toilet-flush"), first, last))
)
boils = daily(lambda told, first, last: within(told.times("kettle-plug"), first, last))
fridge = daily(lambda told, first, last: within(told.times("fridge-contact"), first, last))
garden = daily(lambda told, first, last: within(told.times("back-door-contact"), first, last))
"""Openings of the back door: what is done for pleasure, and first left out."""

door_openings = daily(
    lambda told, first, last: within(told.times("front-door-contact"), first, last)
)
door_by_night = daily(
    lambda told, first, last: _asleep(within(told.times("front-door-contact"), first, last))
)
movement = daily(
    lambda told, first, last: np.concatenate(
        [within(told.times(sensor), first, last) for sensor in MOTION]
    )
)
"""Activations of all motion sensors."""

about_by_night = daily(
    lambda told, first, last: _asleep(
        np.concatenate([visits(within(told.times(sensor), first, last)) for sensor in _DAY_ROOMS])
    )
)
"""Visits to kitchen, lounge and hallway from midnight to six."""


def activity(told: Told, first: float, last: float) -> float:
    """Visits to kitchen, lounge and hallway a day from nine to nine."""
    found = [_awake(visits(within(told.times(sensor), first, last))) for sensor in _DAY_ROOMS]
    return sum(len(one) for one in found) / (last - first)


def of(sensor: str) -> Measure:
    """Activations of one sensor a day."""
    return daily(lambda told, first, last: within(told.times(sensor), first, last))


def celsius(told: Told, first: float, last: float) -> float:
    """Mean temperature of the lounge."""
    t, value, _ = told.streams["lounge-temperature"]
    return float(value[(t >= first) & (t < last)].mean())


def transits(told: Told, first: float, last: float) -> list[float]:
    """Seconds between activations of two rooms with nothing else between, below a minute.

    One is bathroom or bedroom: into these no other sensor looks through a door.
    """
    seen = sorted((t, sensor) for sensor in MOTION for t in within(told.times(sensor), first, last))
    return [
        (late - early) * DAY_S
        for (early, one), (late, other) in pairwise(seen)
        if one != other and _SHUT & {one, other} and late - early < _TRANSIT
    ]


def walk(told: Told, first: float, last: float) -> float:
    """The usual transit, in seconds."""
    return median(transits(told, first, last))
