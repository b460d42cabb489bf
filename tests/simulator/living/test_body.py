"""Water cannot come from nowhere: a body that leaks would teach detectors nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.body import Body

steps = st.lists(
    st.one_of(
        st.tuples(st.just("drink"), st.floats(min_value=0, max_value=1500)),
        st.tuples(st.just("live"), st.floats(min_value=0, max_value=60_000)),
        st.tuples(st.just("sleep"), st.floats(min_value=0, max_value=60_000)),
        st.tuples(st.just("void"), st.just(0.0)),
    ),
    max_size=40,
)


def follow(body: Body, done: list[tuple[str, float]]) -> None:
    for what, much in done:
        if what == "drink":
            body.drink(much)
        elif what == "void":
            body.void()
        else:
            body.live(much, asleep=what == "sleep")


@given(steps, st.floats(min_value=200, max_value=600))
def test_no_pool_is_ever_negative_and_no_bladder_bursts(
    done: list[tuple[str, float]], capacity_ml: float
) -> None:
    body = Body(capacity_ml)
    for step in done:
        follow(body, [step])
        assert body.gut_ml >= 0
        assert 0 <= body.bladder_ml <= 1.6 * capacity_ml


@given(steps)
def test_what_is_drunk_is_somewhere_or_has_left(done: list[tuple[str, float]]) -> None:
    body = Body(1e9)  # so large that nothing overflows
    drunk = left = minutes = 0.0
    before = body.gut_ml + body.balance_ml + body.bladder_ml
    for what, much in done:
        if what == "void":
            left += body.void()
            continue
        follow(body, [(what, much)])
        drunk += much if what == "drink" else 0
        minutes += much / 60 if what in {"live", "sleep"} else 0
    after = body.gut_ml + body.balance_ml + body.bladder_ml
    assert after + left + 0.55 * minutes == pytest.approx(before + drunk, abs=1e-3)


def urine_of_a_day(drunk_ml: float) -> float:
    body = Body(1e9, bladder_ml=0)
    for _ in range(5 * 16):  # five days, for the body to find its level
        body.drink(drunk_ml / 16)
        body.live(5400, asleep=False)
    before = body.bladder_ml
    for _ in range(16):
        body.drink(drunk_ml / 16)
        body.live(5400, asleep=False)
    return body.bladder_ml - before


def test_an_ordinary_day_of_water_makes_an_ordinary_day_of_urine() -> None:
    assert 1000 < urine_of_a_day(2100) < 1600


def test_who_drinks_less_passes_less_but_never_nothing() -> None:
    amounts = [urine_of_a_day(ml) for ml in (2600, 2000, 1400, 600)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[-1] == pytest.approx(0.35 * 1440, rel=0.01)


def test_the_night_makes_a_little_less_than_the_day() -> None:
    day, night = Body(1e9), Body(1e9)
    day.live(8 * 3600, asleep=False)
    night.live(8 * 3600, asleep=True)
    assert 0.9 < (night.bladder_ml - 100) / (day.bladder_ml - 100) < 1


def test_a_small_bladder_feels_fuller() -> None:
    body = Body(300, bladder_ml=150)
    assert body.urge() == 0.5
    assert body.urge(capacity=0.5) == 1


def test_voiding_leaves_a_little() -> None:
    body = Body(300, bladder_ml=200)
    assert body.void() == 190
    assert body.bladder_ml == 10
