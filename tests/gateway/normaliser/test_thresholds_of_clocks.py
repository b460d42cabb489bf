"""At which figures the clock of a device is judged, and not a moment sooner or later."""

import pytest

from gateway.normaliser.device_clock import KEPT, LONG_S, STEADY_S, TIMELY_S, DeviceClock

NOW = 1_772_325_000.0


def clock_after(*said: tuple[float, float], known: tuple[float, ...] = ()) -> DeviceClock:
    clock = DeviceClock()
    for stamp, received in said:
        clock.hear(NOW + stamp, NOW + received)
    clock.mend(known)
    return clock


def behind(by: list[float], apart: float = 60.0) -> list[tuple[float, float]]:
    return [(n * apart - late, n * apart) for n, late in enumerate(by)]


def test_a_clock_is_judged_by_messages_over_all_of_the_time_and_not_a_moment_less() -> None:
    apart = LONG_S / (KEPT - 1)
    assert clock_after(*behind([3600.0] * KEPT, apart)).mended_by == pytest.approx(3600)
    assert clock_after(*behind([3600.0] * KEPT, apart * 0.99)).mended_by == 0


@pytest.mark.parametrize(("spread", "mended"), [(STEADY_S, 3600), (STEADY_S + 1, 0)])
def test_a_line_that_wavers_by_more_than_a_minute_says_nothing_of_a_clock(
    spread: float, mended: float
) -> None:
    late = [3600.0] * (KEPT - 1) + [3600.0 + spread]
    assert clock_after(*behind(late, 120.0)).mended_by == mended


def test_the_same_time_told_over_and_over_is_one_word_of_a_clock() -> None:
    repeated = [(0.0, 3600.0 + n * 20) for n in range(KEPT)]
    assert clock_after(*repeated).trails[-1].received == NOW + 3600


def test_a_message_that_trails_by_five_seconds_is_no_longer_timely() -> None:
    clock = clock_after((0.0, 0.0), (100.0 - TIMELY_S, 100.0))
    assert len(clock.trails) == 2


@pytest.mark.parametrize(
    ("known", "mended"), [(3600.0, 3600.0), (3660.0, 3660.0), (3661.0, 0.0), (0.0, 0.0)]
)
def test_only_a_clock_wrong_by_as_much_vouches_for_another(known: float, mended: float) -> None:
    assert clock_after((0.0, 3600.0), known=(known,)).mended_by == mended


def test_a_device_that_has_not_told_a_time_is_mended_by_nobody_elses_clock() -> None:
    clock = DeviceClock()
    clock.mend((3600.0,))
    assert clock.mended_by == 0
