"""A clock that misreads a day would get people up at the wrong hour twice a year."""

from hypothesis import given
from hypothesis import strategies as st

from detectors.moment import Calendar
from simulator.living.clock import Clock

ZONES = ("Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca")
HALF_HOURS = st.integers(min_value=0, max_value=40 * 365 * 48).map(lambda slot: slot * 1800.0)
ANY_TIME = st.floats(min_value=0, max_value=40 * 365 * 86_400.0)


@given(st.sampled_from(ZONES), st.lists(st.one_of(HALF_HOURS, ANY_TIME), min_size=1, max_size=40))
def test_what_is_remembered_of_a_day_never_misdates_a_moment(zone: str, times: list[float]) -> None:
    clock, calendar = Clock(zone), Calendar(zone)
    for t in (*times, *times[::-1]):
        assert clock.moment(t) == calendar.moment(t)
