"""Charts: a fortnight of figures as staff read them."""

from datetime import date

import pytest

from detectors.chart import CHART_DAYS, Point, evidence, keep, number


def points(*values: float | None) -> list[Point]:
    start = date(2026, 3, 1).toordinal()
    return [Point(start + n, value, 10.0, 6.0, 15.0) for n, value in enumerate(values)]


def test_the_sentence_gives_the_last_days_beside_the_usual() -> None:
    found = evidence(points(9, 20, 22, 24), measure="m", label="Visits", unit="visits")
    assert found.text == "Visits: 22 on average these 3 days; usually 10 (6 to 15)."
    assert found.value == 22
    assert [day.day for day in found.days][:2] == ["2026-03-01", "2026-03-02"]


def test_days_that_were_not_seen_are_gaps_and_not_noughts() -> None:
    found = evidence(points(9, None, None, None), measure="m", label="Visits", unit="visits")
    assert found.value is None
    assert "not seen" in found.text
    assert found.days[-1].value is None


def test_a_chart_holds_a_fortnight() -> None:
    kept: list[Point] = []
    for point in points(*range(40)):
        keep(kept, point)
    assert len(kept) == CHART_DAYS
    assert kept[-1].value == 39


@pytest.mark.parametrize(
    ("value", "text"), [(14.2, "14"), (1.63, "1.6"), (0.351, "0.35"), (140.0, "140"), (0.0, "0")]
)
def test_figures_are_rounded_as_people_say_them(value: float, text: str) -> None:
    assert number(value) == text
