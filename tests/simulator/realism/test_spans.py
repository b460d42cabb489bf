"""Months of kettles and weeks of flushes and beds."""

import numpy as np
import pytest

from simulator.realism.hearing import Heard
from simulator.realism.measures.measure import Measure
from simulator.realism.measures.registry import SPAN_MEASURES
from simulator.realism.spans import Span, spans
from tests.simulator.realism.people import at

NAMED: dict[str, Measure[Span]] = {
    measure.name: measure for what in SPAN_MEASURES for measure in what.measures
}


def home(sensor: str, rows: list[tuple[float, float, float]]) -> Heard:
    return Heard("a", {sensor: np.array(sorted(rows)).reshape(-1, 3)})


def boils(days: range, *hours: float) -> list[tuple[float, float, float]]:
    """Boils of 100 Wh that take three minutes, told at their end."""
    return [(at(day, hour) + 180, 100.0, 180.0) for day in days for hour in hours]


def test_a_month_of_boils() -> None:
    (month,) = spans([home("kettle", boils(range(30), 7.5, 8.5, 13, 20))], "kettle", 28)
    told = {name: NAMED[name].of(month) for name in NAMED}
    assert told["boils"] == 4
    assert told["boils, SD"] == 0
    assert told["energy of a boil, median"] == 100
    assert told["first boil, median"] == 7.5  # when it began, not when it was told
    assert told["between boils of a day, median"] == 270  # 60, 270, 420
    assert told["boils from 04 to 08 h"] == 0.25


def test_a_lost_sensor_is_no_month_of_thirst_and_two_dry_days_are() -> None:
    rows = boils(range(20), 8, 12) + boils(range(26, 38), 8, 12)
    (month,) = spans([home("kettle", rows)], "kettle", 28)
    assert month.counts.min() == 2
    rows = boils(range(20), 8, 12) + boils(range(22, 34), 8, 12)
    (month,) = spans([home("kettle", rows)], "kettle", 28)
    assert (month.counts == 0).sum() == 2


def test_what_is_left_over_of_a_month_is_not_used_and_too_little_is_none() -> None:
    assert len(spans([home("kettle", boils(range(70), 8))], "kettle", 28)) == 2
    assert spans([home("kettle", boils(range(20), 8))], "kettle", 28) == []
    assert spans([home("kettle", boils(range(2), 8))], "kettle", 28) == []
    assert spans([home("kettle", [])], "kettle", 28) == []
    assert spans([], "kettle", 28) == []


def test_a_night_in_bed_is_one_night_although_it_has_two_dates() -> None:
    rows = [
        row
        for day in range(10)
        for row in (
            (at(day, 22.5), 1.0, 0.0),
            (at(day + 1, 3), 0.0, 0.0),
            (at(day + 1, 3.25), 1.0, 0.0),
            (at(day + 1, 7), 0.0, 0.0),
        )
    ]
    (week,) = spans([home("bed", rows)], "bed", 7)
    assert NAMED["in bed a night, mean"].of(week) == pytest.approx(8.25)
    assert NAMED["in bed a night, SD"].of(week) == pytest.approx(0, abs=1e-6)
    assert NAMED["to bed"].of(week) == 1


@pytest.mark.parametrize(("up_h", "times"), [(0.49, 1), (0.51, 2)])
def test_a_way_to_the_bathroom_is_no_second_time_to_bed(up_h: float, times: int) -> None:
    rows = [
        row
        for day in range(10)
        for row in (
            (at(day, 22.5), 1.0, 0.0),
            (at(day + 1, 3), 0.0, 0.0),
            (at(day + 1, 3 + up_h), 1.0, 0.0),
            (at(day + 1, 7), 0.0, 0.0),
        )
    ]
    (week,) = spans([home("bed", rows)], "bed", 7)
    assert NAMED["to bed"].of(week) == times


def test_flushes_are_counted_by_the_day_of_their_own_country() -> None:
    rows = [(at(day, 22.6), 1.0, 0.0) for day in range(10)]  # 23:36 in Madrid
    (week,) = spans([home("flush", rows)], "flush", 7, "Europe/Madrid")
    assert week.hour == pytest.approx(23.6)
    assert NAMED["flushes"].of(week) == 1
