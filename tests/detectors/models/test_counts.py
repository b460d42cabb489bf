"""The count model: what is usual is the person's own, and an illness does not become it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.models.counts import CountModel
from detectors.models.usual import Prior

PRIOR = Prior(level=10.0, dispersion=0.8)
COUNTS = st.integers(0, 200).map(float)
EXPOSURES = st.floats(0.05, 3.0)


def learned(counts: list[float], prior: Prior = PRIOR) -> CountModel:
    model = CountModel()
    for count in counts:
        model.learn_one(count, 1.0, prior)
    return model


@given(st.lists(st.tuples(COUNTS, EXPOSURES), max_size=60), COUNTS, EXPOSURES)
def test_no_history_makes_a_figure_that_cannot_be_shown(
    history: list[tuple[float, float]], count: float, exposure: float
) -> None:
    model = CountModel()
    for seen, share in history:
        model.learn_one(seen, share, PRIOR)
    band = model.band(exposure, PRIOR)
    assert 0 <= band.low <= band.high
    assert np.isfinite(model.score_many(count, exposure, (0.25, 0.5, 2.0), PRIOR)).all()
    assert model.dispersion(PRIOR) > 0


@pytest.mark.parametrize("level", [3.0, 14.0, 25.0])
def test_a_person_unlike_others_is_known_within_a_fortnight(level: float) -> None:
    """Hardly worse than the plain mean of that fortnight, which knows nothing of other people."""
    days = np.random.default_rng(1).poisson(level, (200, 14)).astype(float)
    known = np.array([learned(list(fortnight)).level(PRIOR) for fortnight in days])
    assert np.mean(known) == pytest.approx(level, rel=0.1)
    assert np.std(known) < 1.2 * np.std(days.mean(axis=1))


def test_the_band_holds_about_nine_ordinary_days_in_ten() -> None:
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(60):
        days = rng.poisson(12, 60).astype(float)
        model = CountModel()
        for number, count in enumerate(days):
            if number >= 20:
                band = model.band(1.0, PRIOR)
                inside.append(band.low <= count <= band.high)
            model.learn_one(count, 1.0, PRIOR)
    assert 0.85 <= np.mean(inside) <= 0.96


def test_a_person_of_steady_habits_gets_a_narrower_band() -> None:
    steady = learned([12.0, 13.0] * 20).band(1.0, PRIOR)
    restless = learned([5.0, 20.0] * 20).band(1.0, PRIOR)
    assert steady.high - steady.low < restless.high - restless.low


@given(COUNTS, COUNTS)
def test_more_than_usual_speaks_the_more_for_an_increase(one: float, other: float) -> None:
    low, high = sorted((one, other))
    model = learned([10.0, 12.0, 9.0, 11.0] * 5)
    ratios = [model.score_many(count, 1.0, (1.5,), PRIOR)[0] for count in (low, high)]
    assert ratios[0] <= ratios[1]


def test_under_no_change_the_evidence_shrinks_and_under_change_it_grows() -> None:
    rng = np.random.default_rng(3)
    model = learned(list(rng.poisson(12, 60).astype(float)))
    usual, raised = (
        np.mean([model.score_many(float(c), 1.0, (1.5,), PRIOR)[0] for c in rng.poisson(mean, 500)])
        for mean in (12, 18)
    )
    assert usual < 0 < raised


def test_a_week_of_illness_barely_moves_what_is_usual() -> None:
    well = learned([12.0, 11.0, 13.0, 12.0] * 10)
    before = well.level(PRIOR)
    for _ in range(5):
        well.learn_one(40.0, 1.0, PRIOR)
    assert well.level(PRIOR) < 1.2 * before


def test_half_a_day_at_home_is_judged_by_half_the_usual() -> None:
    model = learned([12.0] * 30)
    assert model.band(0.5, PRIOR).usual == pytest.approx(model.band(1.0, PRIOR).usual / 2)


def test_the_model_agrees_with_a_plain_mean_when_nothing_fades() -> None:
    from river.stats import Mean  # noqa: PLC0415 - an oracle for this test alone

    prior = Prior(level=10.0, dispersion=1.0, weight=1e-9, memory=1e9)
    oracle, model = Mean(), CountModel()
    for count in np.random.default_rng(4).poisson(12, 50):
        oracle.update(float(count))
        model.learn_one(float(count), 1.0, prior)
    assert model.level(prior) == pytest.approx(oracle.get(), rel=0.02)


def test_the_first_days_of_an_illness_do_not_move_what_it_is_measured_against() -> None:
    model = learned([12.0, 11.0, 13.0] * 10)
    before = model.level(PRIOR)
    for _ in range(PRIOR.lag):
        model.learn_one(24.0, 1.0, PRIOR)
    assert model.level(PRIOR) == pytest.approx(before, rel=0.02)
    model.learn_one(24.0, 1.0, PRIOR)
    assert model.level(PRIOR) > before


def test_in_the_first_week_every_day_is_learned_at_once() -> None:
    assert not learned([12.0] * 7).waiting


def test_once_doubted_what_was_usual_soon_gives_way() -> None:
    steady, doubted = learned([12.0] * 40), learned([12.0] * 40)
    doubted.doubt(0.3)
    for model in (steady, doubted):
        for _ in range(10):
            model.learn_one(18.0, 1.0, PRIOR)
    assert doubted.level(PRIOR) > steady.level(PRIOR) + 1


@given(st.floats(0.1, 5.0))
def test_what_a_changed_day_says_on_average_is_what_is_promised(effect: float) -> None:
    """The mean of the log likelihood ratio, at the changed mean, is the information."""
    model = learned([12.0] * 40)
    changed = effect * model.level(PRIOR)
    (ratio,) = model.score_many(changed, 1.0, (effect,), PRIOR)
    assert model.information(effect, PRIOR) == pytest.approx(ratio, abs=1e-9)
    assert model.information(effect, PRIOR) >= -1e-12


def test_a_night_without_any_is_not_marked_for_whoever_seldom_gets_up() -> None:
    assert (
        learned([0.0, 1.0, 1.0, 0.0, 1.0] * 6, Prior(level=1.5, dispersion=0.7))
        .band(1.0, Prior(level=1.5, dispersion=0.7))
        .low
        == 0.0
    )
