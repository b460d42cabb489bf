"""Whom to call now: hours hold in the home's own time, on long and short days, over holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from api.response.availability import Exceptional, Hours, available

LONDON = "Europe/London"
EVENINGS = [Hours(days=[0, 1, 2, 3, 4], begin="18:00", end="22:30")]
NIGHTS = [Hours(days=[4], begin="22:00", end="06:00")]  # from Friday into Saturday
JUNE = date(2026, 6, 15)  # a Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LONDON)).astimezone(UTC)


def free(hours: list[Hours], when: str, exceptions: list[Exceptional] | None = None) -> bool:
    return available(hours, exceptions or [], at(when), LONDON)


def test_hours_are_those_of_the_home_s_clock_and_not_of_utc() -> None:
    assert free(EVENINGS, "2026-06-15T18:00")  # 17:00 UTC
    assert not free(EVENINGS, "2026-06-15T17:59")
    assert not free(EVENINGS, "2026-06-15T22:30")
    assert not free(EVENINGS, "2026-06-20T19:00")  # a Saturday


def test_a_night_goes_on_into_the_next_day() -> None:
    assert free(NIGHTS, "2026-06-19T23:00")
    assert free(NIGHTS, "2026-06-20T05:59")
    assert not free(NIGHTS, "2026-06-20T06:00")
    assert not free(NIGHTS, "2026-06-20T23:00")


def test_a_holiday_stands_above_the_week_and_the_last_word_above_the_first() -> None:
    away = Exceptional(first=JUNE, last=JUNE + timedelta(days=13))
    back = Exceptional(
        first=JUNE + timedelta(days=2), last=JUNE + timedelta(days=2), available=True
    )
    assert not free([], "2026-06-15T00:00", [away])
    assert not free([], "2026-06-28T23:59", [away])
    assert free([], "2026-06-29T00:00", [away])
    assert free(EVENINGS, "2026-06-17T03:00", [away, back])
    assert not free(EVENINGS, "2026-06-17T03:00", [back, away])


@given(st.integers(0, 365 * 24 * 4))
def test_a_day_cut_in_two_is_a_whole_day(quarters: int) -> None:
    """Also in the nights in which the clock is changed."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    every = list(range(7))
    morning = [Hours(days=every, begin="00:00", end="12:30")]
    rest = [Hours(days=every, begin="12:30", end="00:00")]
    assert available(morning, [], now, LONDON) != available(rest, [], now, LONDON)
    assert available([Hours(days=every)], [], now, LONDON)
