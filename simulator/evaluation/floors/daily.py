"""What a home did each day, counted once for all floors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent
from detectors.features.places import BATHROOM, DRINK_APPLIANCES, FOOD
from detectors.features.visits import Visits
from detectors.moment import Calendar

QUIET = 300.0
"""Seconds without activation that end a visit."""
HOURS_A_PART = 6
PARTS = 4
NIGHT = 0
FIRST = PARTS
"""The column that holds the hour of the first visit after 06:00; 24 where there was none."""
COLUMNS = PARTS + 1

Rows = NDArray[np.float64]
"""Shape (days, 5): visits from 00, 06, 12 and 18 for six hours each, and the first hour."""
Row = NDArray[np.float64]


class Measure(NamedTuple):
    """What a condition is about.

    Attributes:
        places: What is counted.
        sign: 1 where more is alarming, -1 where fewer is.
        nights: What a mild, moderate and strong illness multiplies the nights by; empty where
            nights say nothing.
        days: The same of the rest of the day.
    """

    places: frozenset[str]
    sign: int
    nights: tuple[float, ...]
    days: tuple[float, ...]


TOILETING = Measure(BATHROOM, 1, (1.5, 2.0, 3.0), (1.25, 1.5, 2.0))
KITCHEN = Measure(FOOD, -1, (), (0.75, 0.5, 0.25))
KETTLE = Measure(DRINK_APPLIANCES, -1, (), (0.75, 0.5, 0.25))


@dataclass(frozen=True, slots=True)
class Daily:
    """Day after day of one home.

    Attributes:
        first: The first local day, as an ordinal.
        rows: One a day, the first day on.
    """

    first: int
    rows: Rows


def count(
    events: Iterable[SensorEvent], measure: Measure, calendar: Calendar, first: int, days: int
) -> Daily:
    """Counts `days` local days from `first` (an ordinal) on; other days are left out."""
    rows = np.zeros((days, COLUMNS))
    rows[:, FIRST] = 24.0
    visits = Visits()
    for event in events:
        if event.place not in measure.places:
            continue
        moment = calendar.moment(event.at.timestamp())
        if not visits.begins(moment.t, QUIET) or not 0 <= moment.day - first < days:
            continue
        row, hour = rows[moment.day - first], moment.hour
        row[min(int(hour // HOURS_A_PART), PARTS - 1)] += 1
        if hour >= HOURS_A_PART:
            row[FIRST] = min(row[FIRST], hour)
    return Daily(first, rows)
