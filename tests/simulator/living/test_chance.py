"""The same seed must give the same life everywhere, or no figure can be checked by another."""

from math import nextafter
from statistics import mean, median, stdev

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.living.chance import Chance, rounded

GOLDEN = [0.754827444, 0.062725366, 0.735324411, 0.092725912]
GOLDEN_ONE_BY_ONE = [0.752250344, 0.858328005, 0.089364998, 0.448072716]
MANY = 20_000

seeds = st.integers(min_value=0, max_value=2**63)


def test_the_first_draws_of_a_seed_never_change() -> None:
    assert [round(share, 9) for share in Chance.of(1, 2).shares(4).tolist()] == GOLDEN
    chance = Chance.of(1, 2)
    assert [round(chance.share(), 9) for _ in range(4)] == GOLDEN_ONE_BY_ONE


@given(st.lists(seeds, min_size=1, max_size=4), st.lists(seeds, min_size=1, max_size=4))
def test_streams_differ_exactly_where_their_seeds_do(one: list[int], other: list[int]) -> None:
    """Zeros at the end and numbers beyond a word, too, which NumPy would not tell apart."""
    one_draw, other_draw = (Chance.of(*seed).share() for seed in (one, other))
    assert (one_draw == other_draw) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"), [((5, 1), (5, 1, 0)), ((2**32 * 5 + 1, 3), (1, 5, 3)), ((), (0,))]
)
def test_seeds_that_numpy_takes_for_the_same_are_not(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    assert Chance.of(*one).share() != Chance.of(*other).share()


def test_streams_of_one_home_have_nothing_to_do_with_each_other() -> None:
    """Over pairs of neighbouring streams, draws of one say nothing of those of the next."""
    streams = [Chance.of(7, 1, number).shares(2000) for number in range(20)]
    correlated = np.abs(np.corrcoef(streams) - np.eye(20))
    assert correlated.max() < 0.09


def test_one_draw_of_a_kind_does_not_depend_on_how_many_are_drawn_at_once() -> None:
    many = Chance.of(3).shares(1000)
    few = Chance.of(3)
    assert np.array_equal(np.concatenate([few.shares(n) for n in (1, 99, 0, 900)]), many)
    waits = Chance.of(3)
    parts = np.concatenate([waits.waits(400), waits.waits(600)])
    assert np.array_equal(parts, Chance.of(3).waits(1000))


def draws(number: int = MANY) -> list[Chance]:
    return [Chance.of(7)] * number


def test_waits_are_as_long_as_they_should_be_on_average() -> None:
    for waits in (
        [chance.wait(300) for chance in draws()],
        (Chance.of(7).waits(MANY) * 300).tolist(),
    ):
        assert mean(waits) == pytest.approx(300, rel=0.03)
        assert median(waits) == pytest.approx(300 * 0.693, rel=0.03)


def test_normal_draws_have_their_mean_and_spread() -> None:
    values = [chance.around(10, 2) for chance in draws()]
    assert mean(values) == pytest.approx(10, abs=0.05)
    assert stdev(values) == pytest.approx(2, rel=0.03)
    assert min(values) >= 4
    assert max(values) <= 16


@given(
    st.floats(min_value=0, max_value=1e9)
    | st.integers(0, 10**12).map(lambda half: (half + 0.5) / 10**6)
)
@example(0.0000005)
@example(2.5e-6)
@example(999_999.9999995)
def test_what_is_rounded_is_what_python_would_round(value: float) -> None:
    """Or the same seed gives other lives; ties, and what lies beside them, too."""
    for near in (nextafter(value, 0), value, nextafter(value, 1e10)):
        assert rounded(near) == round(near, 6)


def test_a_spread_has_its_median() -> None:
    values = [chance.spread(50, 0.4) for chance in draws()]
    assert median(values) == pytest.approx(50, rel=0.03)
    assert stdev(np.log(values)) == pytest.approx(0.4, rel=0.04)


@pytest.mark.parametrize("expected", [0, 0.5, 3, 20])
def test_counts_have_their_mean_and_variance(expected: float) -> None:
    counts = [chance.count(expected) for chance in draws()]
    assert mean(counts) == pytest.approx(expected, rel=0.05)
    assert stdev(counts) ** 2 == pytest.approx(expected, rel=0.05)


def test_what_is_likely_happens_so_often() -> None:
    assert mean(chance.happens(0.3) for chance in draws()) == pytest.approx(0.3, abs=0.015)
    assert not any(chance.happens(0) for chance in draws(500))
    assert all(chance.happens(1) for chance in draws(500))


def test_options_are_picked_by_weight() -> None:
    picked = [chance.pick((("a", 3.0), ("b", 1.0), ("never", 0.0))) for chance in draws()]
    assert picked.count("a") / len(picked) == pytest.approx(0.75, abs=0.02)
    assert "never" not in picked


@given(seeds)
def test_draws_stay_within_their_bounds(seed: int) -> None:
    chance = Chance.of(seed)
    for _ in range(50):
        assert 0 <= chance.share() < 1
        assert 2 <= chance.between(2, 3) <= 3
        assert chance.wait(5) >= 0
        assert chance.spread(5, 1) > 0
        assert chance.count(2) >= 0
