"""Staff can tell a hub whose clock is wrong, and how sure that is."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.uplink.clock import DRIFT, CentreClock, Measure

NOW = 1_772_323_200.0


def clock(kept: Measure | None = None) -> tuple[CentreClock, list[Measure]]:
    saved: list[Measure] = []
    return CentreClock(kept, saved.append), saved


@given(st.floats(-1e6, 1e6), st.lists(st.tuples(st.floats(0, 30), st.floats(0, 30)), min_size=1))
def test_the_truth_lies_within_what_is_said_to_be_sure(
    ahead: float, trips: list[tuple[float, float]]
) -> None:
    one, saved = clock()
    asked = NOW
    for there, back in trips:
        centre = asked + there - ahead
        one.measure(asked, asked + there + back, centre)
        assert one.best is not None
        assert abs(one.best.ahead - ahead) <= one.best.sure + 1e-5
        asked += 60
    assert saved[-1] == one.best


def test_a_surer_measure_is_kept_until_it_is_old() -> None:
    one, _ = clock()
    one.measure(NOW, NOW + 0.1, NOW + 0.05)
    one.measure(NOW + 60, NOW + 62, NOW + 61)
    assert one.best is not None
    assert one.best.sure < 0.1
    later = NOW + 1.0 / DRIFT
    one.measure(later, later + 2, later + 1)
    assert one.best.at == later + 2


def test_a_clock_that_was_set_is_noticed_at_once() -> None:
    one, _ = clock(Measure(0.0, 0.001, NOW))
    one.measure(NOW + 10, NOW + 11, NOW + 3610.5)
    assert one.best is not None
    assert one.best.ahead == -3600.0


def test_a_clock_set_between_question_and_answer_measures_nothing() -> None:
    one, saved = clock()
    one.measure(NOW, NOW - 5, NOW)
    assert (one.best, saved) == (None, [])


def test_a_hub_that_does_not_know_the_time_takes_the_centres() -> None:
    told: list[float] = []
    clock = CentreClock(None, lambda _measure: None, told.append)
    clock.measure(asked=100.0, answered=102.0, centre=5000.0)
    assert told == [5001.0]
