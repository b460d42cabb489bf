"""Tails of silences: a length must be exceeded as seldom as was asked, or budgets mean nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.models.tails import BEYOND, SHAPE, Tail, mean, power, seldom, together

DAYS = 60
SILENCES = st.lists(st.floats(0, 1e6), max_size=60)


def of(lengths: list[float]) -> Tail:
    tail = Tail()
    for length in lengths:
        tail.learn_one(length)
    return tail


@pytest.mark.parametrize("a_month", [3.0, 1.0])
def test_a_length_is_exceeded_about_as_seldom_as_was_asked(a_month: float) -> None:
    rng = np.random.default_rng(1)
    a_day = a_month / 30
    exceeded = []
    for _ in range(300):
        scale = rng.uniform(1200, 3600)
        lengths = BEYOND + scale * rng.weibull(SHAPE, DAYS * 2)  # two a day
        limit = seldom(of(list(lengths)), power(2000.0), DAYS, a_day)
        exceeded.append(2 * np.exp(-(((limit - BEYOND) / scale) ** SHAPE)))
    assert np.mean(exceeded) == pytest.approx(a_day, rel=0.25)


@given(SILENCES, st.floats(1e-6, 1.0), st.floats(1e-6, 1.0))
def test_what_may_come_oftener_is_never_longer(
    lengths: list[float], one: float, two: float
) -> None:
    tail, believed = of(lengths), power(1800.0)
    limits = [seldom(tail, believed, DAYS, a_day) for a_day in sorted((one, two))]
    assert limits[0] >= limits[1] >= BEYOND
    assert np.isfinite(limits).all()


@given(SILENCES, st.floats(0, 1))
def test_old_silences_fade_evenly(lengths: list[float], keep: float) -> None:
    tail = of(lengths)
    before = mean(tail, 1.0, 0.0) if tail.times else 0.0
    tail.fade(keep)
    if tail.times > 1e-9:
        assert mean(tail, 1.0, 0.0) == pytest.approx(before)


def test_several_contexts_are_as_one() -> None:
    assert together([of([4000.0]), of([600.0, 9000.0])]) == of([4000.0, 600.0, 9000.0])


def test_who_has_been_seen_for_a_day_is_judged_as_people_in_general_are() -> None:
    assert mean(Tail(), power(1800.0), 8.0) == power(1800.0)
