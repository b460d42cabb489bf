"""Water cannot come from nowhere: a body that leaks would teach detectors nonsense."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.body import Body

HUGE = 1e9  # a bladder that never overflows
INSENSIBLE_ML_MIN = 0.55
SWEAT_ML_MIN_C = 0.09  # for each degree above 22

warmth = st.floats(min_value=-5, max_value=45)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("drink"), st.floats(min_value=0, max_value=1500)),
        st.tuples(st.just("live"), st.floats(min_value=0, max_value=60_000)),
        st.tuples(st.just("sleep"), st.floats(min_value=0, max_value=60_000)),
        st.tuples(st.just("void"), st.just(0.0)),
        st.tuples(st.just("warm"), warmth),
        st.tuples(st.just("tablet"), st.floats(min_value=0, max_value=3)),
    ),
    max_size=40,
)


def follow(body: Body, what: str, much: float) -> float:
    """Does one thing; returns what has left the body by the bladder."""
    if what == "drink":
        body.drink(much)
    elif what == "warm":
        body.warmth_c = much
    elif what == "tablet":
        body.driven_ml_min = much
    elif what == "void":
        return body.void()
    else:
        body.live(much, asleep=what == "sleep")
    return 0.0


@given(steps, st.floats(min_value=180, max_value=600))
def test_no_pool_is_ever_negative_and_no_bladder_bursts(
    done: list[tuple[str, float]], capacity_ml: float
) -> None:
    body = Body(capacity_ml)
    for step in done:
        follow(body, *step)
        assert body.gut_ml >= 0
        assert 0 <= body.bladder_ml <= 1.6 * capacity_ml
        assert 0 <= body.dryness <= 1


@given(steps)
def test_what_is_drunk_is_somewhere_or_has_left(done: list[tuple[str, float]]) -> None:
    body = Body(HUGE)
    drunk = left = 0.0
    before = body.gut_ml + body.balance_ml + body.bladder_ml
    for what, much in done:
        left += follow(body, what, much)
        drunk += much if what == "drink" else 0
        if what in {"live", "sleep"}:
            sweat = max(body.warmth_c - 22, 0) * SWEAT_ML_MIN_C
            left += much / 60 * (INSENSIBLE_ML_MIN + sweat)
    after = body.gut_ml + body.balance_ml + body.bladder_ml
    assert after + left == pytest.approx(before + drunk, abs=1e-3)


@given(st.floats(min_value=0, max_value=2000), st.lists(st.floats(0, 7200), min_size=2, max_size=9))
def test_the_urge_only_grows_until_it_is_answered(drunk_ml: float, waits: list[float]) -> None:
    body = Body(300)
    body.drink(drunk_ml)
    urges = []
    for seconds in waits:
        body.live(seconds, asleep=False)
        urges.append(body.urge())
    assert urges == sorted(urges)
    body.void()
    assert body.urge() < 0.081


def urine_of_a_day(drunk_ml: float, *, warmth_c: float = 20.0, driven: float = 0.0) -> float:
    body = Body(HUGE, bladder_ml=0, warmth_c=warmth_c, driven_ml_min=driven)
    before = 0.0
    for _ in range(6):  # days, for the body to find its level
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
    day, night = Body(HUGE), Body(HUGE)
    day.live(8 * 3600, asleep=False)
    night.live(8 * 3600, asleep=True)
    assert 0.9 < (night.bladder_ml - 100) / (day.bladder_ml - 100) < 1


def test_who_sweats_passes_less() -> None:
    """Each degree above 22 takes 130 ml a day, which is then missing in the bladder."""
    cool, warm, hot = (urine_of_a_day(2100, warmth_c=c) for c in (21, 25, 28))
    assert cool == urine_of_a_day(2100, warmth_c=10)
    assert cool - warm == pytest.approx(3 * 130, rel=0.1)
    assert cool - hot == pytest.approx(6 * 130, rel=0.1)


def first_hours(driven: float) -> float:
    body = Body(HUGE, bladder_ml=0, driven_ml_min=driven)
    body.live(4 * 3600, asleep=False)
    return body.bladder_ml


def test_a_water_tablet_drives_out_more_at_once_and_no_more_than_is_drunk_in_the_long_run() -> None:
    assert first_hours(1.2) - first_hours(0) == pytest.approx(1.2 * 240, rel=0.35)
    assert urine_of_a_day(2100, driven=0.4) == pytest.approx(urine_of_a_day(2100), rel=0.02)


@given(
    st.floats(min_value=0, max_value=600),
    st.floats(min_value=-600, max_value=600),
    st.floats(min_value=1, max_value=400),
    st.booleans(),
    st.floats(min_value=0, max_value=2),
)
def test_when_the_bladder_will_be_full_is_foretold(
    drunk_ml: float, balance_ml: float, more_ml: float, asleep: bool, driven: float
) -> None:
    body = Body(600, driven_ml_min=driven, balance_ml=balance_ml)
    body.drink(drunk_ml)
    full = body.bladder_ml + more_ml
    seconds = body.fills(full, asleep=asleep)
    assert body.soonest(full) <= seconds + 1e-6
    body.live(seconds, asleep=asleep)
    assert body.bladder_ml == pytest.approx(full, abs=5)
    assert body.fills(body.bladder_ml - 1, asleep=asleep) == 0


def test_dryness_begins_after_a_third_of_a_litre_and_grows() -> None:
    dry = [Body(300, balance_ml=ml).dryness for ml in (500, 0, -350, -600, -1200, -1600, -3000)]
    assert dry[:3] == [0, 0, 0]
    assert all(more > less for less, more in pairwise(dry[2:6]))
    assert dry[5:] == [1, 1]


def test_a_small_bladder_feels_fuller() -> None:
    body = Body(300, bladder_ml=150)
    assert body.urge() == 0.5
    assert body.urge(capacity=0.5) == 1


def test_voiding_leaves_a_little() -> None:
    body = Body(300, bladder_ml=200)
    assert body.void() == 190
    assert body.bladder_ml == 10
