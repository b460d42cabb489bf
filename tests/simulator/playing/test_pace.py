"""Played at a speed, a day must take the time that the speed says, and no message may overtake."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.playing import Pace


class Wall:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_an_hour_a_second() -> None:
    wall = Wall()
    pace = Pace(3600, clock=wall.clock, sleep=wall.sleep)
    for hour in range(25):
        pace.wait_for(1_000_000 + hour * 3600)
    assert round(wall.now - 100, 6) == 24


def test_speed_0_waits_for_nothing() -> None:
    wall = Wall()
    pace = Pace(0, clock=wall.clock, sleep=wall.sleep)
    for t in range(0, 10**9, 10**8):
        pace.wait_for(t)
    assert wall.slept == []


def test_a_delay_is_made_up_for() -> None:
    wall = Wall()
    pace = Pace(1, clock=wall.clock, sleep=wall.sleep)
    pace.wait_for(0)
    wall.now += 50  # the broker was away
    pace.wait_for(30)
    assert wall.slept == []
    pace.wait_for(60)
    assert wall.now == 160


@given(st.lists(st.floats(min_value=0, max_value=1e6)), st.floats(min_value=0.1, max_value=1e5))
def test_nothing_is_ever_early(gaps: list[float], speed: float) -> None:
    wall = Wall()
    pace = Pace(speed, clock=wall.clock, sleep=wall.sleep)
    t = 0.0
    pace.wait_for(t)
    for gap in gaps:
        t += gap
        pace.wait_for(t)
        assert (wall.now - 100) * speed >= t * (1 - 1e-9) - 1e-6
