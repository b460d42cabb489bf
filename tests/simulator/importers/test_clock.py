"""A home's times must mean what its clock showed, through both changes of the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.importers.clock import LocalClock

LONDON = LocalClock("Europe/London")


def test_summer_is_an_hour_ahead_of_utc() -> None:
    assert LONDON.instant("2019-06-01 12:00:05") == datetime(2019, 6, 1, 11, 0, 5, tzinfo=UTC)


def test_winter_is_utc() -> None:
    assert LONDON.instant("2019-01-01 12:00:05") == datetime(2019, 1, 1, 12, 0, 5, tzinfo=UTC)


def test_the_hour_that_comes_twice_means_the_first() -> None:
    assert LONDON.instant("2019-10-27 01:30:00") == datetime(2019, 10, 27, 0, 30, tzinfo=UTC)


def test_the_hour_that_spring_leaves_out_is_refused() -> None:
    with pytest.raises(ValueError, match="went forward"):
        LONDON.instant("2019-03-31 01:30:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-06-01",
        "2019-06-01T12:00:00",
        "2019-06-01 12:00:60",
        "2019-06-01 12:60:00",
        "2019-06-31 12:00:00",
        "2019-06-01 24:00:00",
        "2019-06-01 12:00:-1",
        "2019-06-01 12:00:00Z",
        "2019-06-01 12.00.00",
        "2019-06-01 12:0\u0661:00",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        LONDON.instant(text)


@given(st.integers(min_value=0, max_value=2_000_000_000))
def test_an_instant_reads_back_as_the_time_it_was_written(second: int) -> None:
    instant = datetime.fromtimestamp(second, UTC)
    assert LocalClock("UTC").instant(f"{instant:%Y-%m-%d %H:%M:%S}") == instant


@given(st.integers(min_value=0, max_value=86_399))
def test_later_on_the_wall_is_later_in_time_on_an_ordinary_day(second: int) -> None:
    midnight = datetime(2019, 6, 1, tzinfo=UTC)
    early, late = (
        LONDON.instant(f"{midnight + timedelta(seconds=s):%Y-%m-%d %H:%M:%S}")
        for s in (second // 2, second)
    )
    assert early <= late
