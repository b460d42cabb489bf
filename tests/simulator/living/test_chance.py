"""The same seed must give the same life everywhere, or no figure can be checked by another."""

from statistics import mean, median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.chance import Chance

GOLDEN = [0.4320311, 0.379483234, 0.037609791, 0.528727997]


def test_the_first_draws_of_a_seed_never_change() -> None:
    chance = Chance.of(1, 2)
    assert [round(chance.share(), 9) for _ in range(4)] == GOLDEN


def test_streams_of_different_seeds_differ() -> None:
    assert Chance.of(1, 2).share() != Chance.of(2, 1).share()


def draws(number: int = 20_000) -> list[Chance]:
    return [Chance.of(7)] * number


def test_waits_are_as_long_as_they_should_be_on_average() -> None:
    waits = [chance.wait(300) for chance in draws()]
    assert mean(waits) == pytest.approx(300, rel=0.03)
    assert median(waits) == pytest.approx(300 * 0.693, rel=0.03)


def test_normal_draws_have_their_mean_and_spread() -> None:
    values = [chance.around(10, 2) for chance in draws()]
    assert mean(values) == pytest.approx(10, abs=0.05)
    assert stdev(values) == pytest.approx(2, rel=0.03)
    assert min(values) >= 4
    assert max(values) <= 16


def test_a_spread_has_its_median() -> None:
    assert median(chance.spread(50, 0.4) for chance in draws()) == pytest.approx(50, rel=0.03)


@pytest.mark.parametrize("expected", [0, 0.5, 3, 20])
def test_counts_have_their_mean_and_variance(expected: float) -> None:
    counts = [chance.count(expected) for chance in draws()]
    assert mean(counts) == pytest.approx(expected, rel=0.05)
    assert stdev(counts) ** 2 == pytest.approx(expected, rel=0.05)


def test_options_are_picked_by_weight() -> None:
    picked = [chance.pick((("a", 3.0), ("b", 1.0))) for chance in draws()]
    assert picked.count("a") / len(picked) == pytest.approx(0.75, abs=0.02)


@given(st.integers(min_value=0, max_value=2**32))
def test_draws_stay_within_their_bounds(seed: int) -> None:
    chance = Chance.of(seed)
    for _ in range(50):
        assert 0 <= chance.share() < 1
        assert 2 <= chance.between(2, 3) <= 3
        assert chance.wait(5) >= 0
        assert chance.spread(5, 1) > 0
        assert chance.count(2) >= 0
