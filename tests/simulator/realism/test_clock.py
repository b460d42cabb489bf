"""The wall clock: a day is the person's own, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.realism.clock import DAY_S, WallClock, weekday

LONDON = WallClock("Europe/London")
EPOCH = date(1970, 1, 1)
SPRING, AUTUMN = date(2019, 3, 31), date(2019, 10, 27)


def number(day: date) -> int:
    return (day - EPOCH).days


@given(st.lists(st.integers(1_500_000_000, 1_900_000_000), max_size=20))
def test_the_wall_is_that_of_the_time_zone(instants: list[int]) -> None:
    wall = LONDON.wall(np.array(instants, dtype=np.float64))
    for t, found in zip(instants, wall, strict=True):
        told = datetime.fromtimestamp(t, UTC).astimezone(ZoneInfo("Europe/London"))
        assert datetime(1970, 1, 1) + timedelta(seconds=found) == told.replace(tzinfo=None)  # noqa: DTZ001 - of the wall


def test_a_day_has_23_hours_in_spring_and_25_in_autumn() -> None:
    days = np.array([number(SPRING), number(SPRING) + 1, number(AUTUMN)])
    hours = LONDON.hours_of(days)
    assert ((hours[:, 24] - hours[:, 0]) / 3600).tolist() == [23, 24, 25]
    assert (np.diff(hours, axis=1) >= 0).all()
    assert LONDON.wall(hours[1]).tolist() == [days[1] * DAY_S + 3600 * hour for hour in range(25)]


def test_weekends_are_saturday_and_sunday() -> None:
    week = [date(2019, 5, 6) + timedelta(days=day) for day in range(7)]
    assert weekday(np.array([number(day) for day in week])).tolist() == list(range(7))
