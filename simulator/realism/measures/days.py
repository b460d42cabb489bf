"""One day and another: activity as a whole, what lingers from day to day, what goes together."""

from collections.abc import Callable

import numpy as np

from simulator.realism.clock import Floats, Ints, weekday
from simulator.realism.hearing import SENSORS
from simulator.realism.homes import LEAST_DAYS, Home
from simulator.realism.measures.counts import mean, variation
from simulator.realism.measures.measure import NONE, Measure

_SATURDAY = 5
_TOGETHER = (
    ("bathroom", "kitchen"),
    ("bathroom", "bedroom"),
    ("kitchen", "fridge"),
    ("kitchen", "hallway"),
    ("kitchen", "lounge"),
)

_VOLUME = "a hub's and a centre's load; detectors judge counts against the home's activity"
_LINGER = "a detector that waits for two days running relies on how alike days in a row are"
_WEEK = "a weekday's routine must not be taken for a change"
_JOINT = "confounders (a busy day, a visitor) show as rooms that rise and fall together"


def correlation(one: Floats, two: Floats) -> float:
    """Pearson's, NaN where there are too few days or one side never changes."""
    if len(one) < LEAST_DAYS - 1 or not one.std() or not two.std():
        return NONE
    return float(np.corrcoef(one, two)[0, 1])


def lag(counts: Floats, days: Ints) -> float:
    """Correlation of a day with the one before, where both count."""
    follows = np.diff(days) == 1
    return correlation(counts[:-1][follows], counts[1:][follows])


def weekend(counts: Floats, days: Ints) -> float:
    """The mean day of a weekend over that of a working week."""
    late = weekday(days) >= _SATURDAY
    if not late.any() or late.all() or not counts[~late].mean():
        return NONE
    return float(counts[late].mean() / counts[~late].mean())


def between_weekdays(counts: Floats, days: Ints) -> float:
    """Share of the variance that the weekday explains, less what chance would (omega squared)."""
    on = weekday(days)
    names, sizes = np.unique(on, return_counts=True)
    total = float(((counts - counts.mean()) ** 2).sum())
    free = len(counts) - len(names)
    if free <= 0 or not total:
        return NONE
    means = np.array([counts[on == name].mean() for name in names])
    explained = float((sizes * (means - counts.mean()) ** 2).sum())
    error = (total - explained) / free
    return (explained - (len(names) - 1) * error) / (total + error)


def _activity(how: Callable[[Floats], float]) -> Callable[[Home], float]:
    return lambda home: how(home.counts.sum(axis=0).astype(np.float64))


def _activity_on(how: Callable[[Floats, Ints], float]) -> Callable[[Home], float]:
    return lambda home: how(home.counts.sum(axis=0).astype(np.float64), home.days)


def _sensor_on(sensor: str, how: Callable[[Floats, Ints], float]) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        row = SENSORS.index(sensor)
        return how(home.daily(sensor), home.days[home.alive[row]]) if home.has(sensor) else NONE

    return of


def _visits_on(how: Callable[[Floats, Ints], float]) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        days = home.days[home.alive[SENSORS.index("bathroom")]]
        return how(home.visits_by_day("bathroom"), days) if home.has("bathroom") else NONE

    return of


def _together(one: str, two: str) -> Callable[[Home], float]:
    def of(home: Home) -> float:
        if not home.has(one, two):
            return NONE
        rows = [SENSORS.index(one), SENSORS.index(two)]
        counts = home.counts[rows][:, home.alive[rows].all(axis=0)].astype(np.float64)
        return correlation(counts[0], counts[1])

    return of


MEASURES = (
    Measure("activations", "days", "a day", _VOLUME, _activity(mean)),
    Measure("activations, CV", "days", "", _VOLUME, _activity(variation)),
    Measure("activations, day to day", "days", "r", _LINGER, _activity_on(lag)),
    Measure("bathroom visits, day to day", "days", "r", _LINGER, _visits_on(lag)),
    Measure("kitchen activations, day to day", "days", "r", _LINGER, _sensor_on("kitchen", lag)),
    Measure("weekend / working week", "days", "", _WEEK, _activity_on(weekend)),
    Measure("variance between weekdays", "days", "share", _WEEK, _activity_on(between_weekdays)),
    *(
        Measure(f"{one} with {two}", "together", "r", _JOINT, _together(one, two))
        for one, two in _TOGETHER
    ),
)
