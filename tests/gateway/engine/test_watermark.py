"""What comes late is known as late, so that a live hub and a replay decide alike."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.engine import Watermark


def test_before_anything_happened_nothing_is_late() -> None:
    assert Watermark().at == float("-inf")
    assert Watermark().admit(0.0)


def test_an_event_may_trail_the_newest_by_the_lag_and_no_more() -> None:
    watermark = Watermark(60)
    watermark.admit(1000)
    assert watermark.admit(940)
    assert not watermark.admit(939.999)


def test_a_tick_drives_it_on_while_nothing_happens() -> None:
    watermark = Watermark(60)
    watermark.admit(1000)
    assert watermark.drive(5000) == 4940
    assert not watermark.admit(4939)
    assert watermark.admit(4940)


def test_a_clock_that_is_put_back_does_not_take_time_back() -> None:
    watermark = Watermark(60)
    watermark.drive(5000)
    assert watermark.drive(3000) == 4940


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1e9))))
def test_it_never_falls(steps: list[tuple[bool, float]]) -> None:
    watermark = Watermark()
    before = watermark.at
    for tick, t in steps:
        if tick:
            watermark.drive(t)
        else:
            watermark.admit(t)
        assert watermark.at >= before
        before = watermark.at
