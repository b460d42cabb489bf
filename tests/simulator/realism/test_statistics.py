"""Distances: those that libraries give, with weights, and those that chance gives."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, wasserstein_distance

from simulator.realism.clock import Floats
from simulator.realism.compare import Row, compare
from simulator.realism.measures.measure import Measure
from simulator.realism.statistics import bootstrap_weights, by_chance, gap, interval, quantiles

SAMPLES = st.lists(st.integers(-50, 50), min_size=1, max_size=30)


def once(real: Floats, simulated: Floats) -> tuple[float, float]:
    found = gap(real, simulated, np.ones((1, len(real))), np.ones((1, len(simulated))))
    return float(found.wasserstein[0]), float(found.ks[0])


@given(SAMPLES, SAMPLES)
def test_distances_are_those_of_scipy(one: list[int], two: list[int]) -> None:
    a, b = np.array(one, dtype=float), np.array(two, dtype=float)
    wasserstein, ks = once(a, b)
    assert wasserstein == pytest.approx(wasserstein_distance(a, b), abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its p, which is not asked for
        assert ks == pytest.approx(ks_2samp(a, b, method="exact").statistic, abs=1e-9)


@given(SAMPLES, SAMPLES, st.randoms(use_true_random=False))
def test_a_weight_of_two_is_a_value_that_comes_twice(one: list[int], two: list[int], r) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - hypothesis
    a, b = np.array(one, dtype=float), np.array(two, dtype=float)
    times = np.array([r.randint(1, 3) for _ in one])
    weighted = gap(a, b, times[None, :].astype(float), np.ones((1, len(b))))
    wasserstein, ks = once(np.repeat(a, times), b)
    assert weighted.wasserstein[0] == pytest.approx(wasserstein, abs=1e-9)
    assert weighted.ks[0] == pytest.approx(ks, abs=1e-9)


@given(SAMPLES)
def test_quantiles_of_equal_weights_are_hazens(values: list[int]) -> None:
    a = np.array(values, dtype=float)
    found = quantiles(a, np.ones(len(a)), (0.25, 0.5, 0.75))
    assert found == pytest.approx(np.quantile(a, [0.25, 0.5, 0.75], method="hazen"))


def test_no_values_have_no_quantiles() -> None:
    assert np.isnan(quantiles(np.empty(0), np.empty(0), (0.5,))).all()


def test_a_resample_draws_as_many_units_as_there_are() -> None:
    drawn = bootstrap_weights(np.ones(12), np.random.default_rng(1), 50)
    assert drawn.shape == (50, 12)
    assert (drawn.sum(axis=1) == 12).all()
    assert drawn.max() > 1
    assert interval(np.arange(1001.0)) == (25, 975)


def test_chance_alone_puts_small_samples_apart() -> None:
    values = np.random.default_rng(2).normal(size=40)
    few = by_chance(values[:10], 5, np.random.default_rng(3)).wasserstein
    many = by_chance(values, 20, np.random.default_rng(3)).wasserstein
    assert 0 < np.median(many) < np.median(few)


IDENTITY = Measure[tuple[str, float]]("m", "f", "u", "why", lambda unit: unit[1])


def row(real: Floats, simulated: Floats) -> Row:
    found = compare(
        IDENTITY,
        [(f"r{n}", value) for n, value in enumerate(real)],
        [(f"s{n}", value) for n, value in enumerate(simulated)],
        home_of=lambda unit: unit[0],
        source="here",
        per="homes",
        rng=np.random.default_rng(1),
    )
    assert found is not None
    return found


def test_one_population_is_near_and_inside_and_another_is_far_and_outside() -> None:
    rng = np.random.default_rng(4)
    alike = row(rng.normal(size=40), rng.normal(size=40))
    assert alike.inside
    assert alike.p is not None
    assert alike.p > 0.05
    assert alike.distance is not None
    assert alike.chance is not None
    assert alike.distance < 3 * alike.chance
    apart = row(rng.normal(size=40), rng.normal(2.5, 1, size=40))
    assert not apart.inside
    assert apart.p == pytest.approx(0.001)
    assert apart.distance is not None
    assert apart.distance == pytest.approx(2.5 / 1.35, rel=0.25)  # quartiles of a normal: 1.35
    assert apart.distance_interval is not None
    low, high = apart.distance_interval
    assert 1 < low < apart.distance < high


def test_the_edges_of_the_quartiles_are_inside() -> None:
    real = np.arange(1.0, 10.0)
    low, _, high = row(real, real).real.quartiles
    for edge, inside in ((low, True), (high, True), (low - 0.01, False), (high + 0.01, False)):
        assert row(real, np.full(5, edge)).inside is inside


def test_where_all_real_homes_are_the_same_the_resolution_decides() -> None:
    seconds = Measure[tuple[str, float]]("m", "f", "s", "why", lambda unit: unit[1], 1.0)
    real = [(f"r{n}", 62.0) for n in range(9)]
    for told, inside in ((62.4, True), (63.0, False)):
        made_up = [(f"s{n}", told) for n in range(9)]
        found = compare(
            seconds,
            real,
            made_up,
            home_of=lambda unit: unit[0],
            source="here",
            per="homes",
            rng=np.random.default_rng(1),
        )
        assert found is not None
        assert found.inside is inside
        assert found.distance == pytest.approx(told - 62)
    assert row(np.full(5, 1.0), np.full(5, 2.0)).distance is None


def test_homes_that_cannot_tell_are_counted_and_too_few_give_no_row() -> None:
    real = np.array([1.0, 2.0, 3.0, np.nan, np.nan])
    assert row(real, real).real.silent == 2
    nothing = compare(
        IDENTITY,
        [("a", 1.0), ("b", np.nan)],
        [("c", 1.0)] * 5,
        home_of=lambda unit: unit[0],
        source="here",
        per="homes",
        rng=np.random.default_rng(1),
    )
    assert nothing is None


def test_a_home_with_many_months_weighs_no_more_than_one_with_few() -> None:
    real = [("long", 10.0)] * 20 + [("short", 20.0)] * 2 + [("brief", 20.0)]
    found = compare(
        IDENTITY,
        real,
        [("s", 15.0)] * 3,
        home_of=lambda unit: unit[0],
        source="here",
        per="home-months",
        rng=np.random.default_rng(1),
    )
    assert found is not None
    assert found.real.median == 20
    assert found.p is None  # months of one home are not exchangeable
