"""The level model: the usual of a measure, and whether today departs from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.models.levels import LevelModel
from detectors.models.usual import Prior

PRIOR = Prior(level=0.8, dispersion=0.003)


@given(st.lists(st.floats(-1e3, 1e3), max_size=50), st.floats(-1e3, 1e3))
def test_no_history_makes_a_figure_that_cannot_be_shown(history: list[float], value: float) -> None:
    model = LevelModel()
    for seen in history:
        model.learn_one(seen, PRIOR)
    band = model.band(PRIOR)
    assert band.low < band.usual < band.high
    assert np.isfinite(model.score_many(value, (-0.1, 0.1), PRIOR)).all()


def test_a_slow_walker_is_not_ill_for_being_slow() -> None:
    model = LevelModel()
    for value in np.random.default_rng(1).normal(0.5, 0.03, 40):
        model.learn_one(float(value), PRIOR)
    assert model.level(PRIOR) == pytest.approx(0.5, abs=0.02)
    assert model.score_many(0.5, (-0.1,), PRIOR)[0] < 0


def test_a_slowing_speaks_for_a_slowing() -> None:
    model = LevelModel()
    for value in np.random.default_rng(1).normal(0.8, 0.03, 40):
        model.learn_one(float(value), PRIOR)
    assert model.score_many(0.65, (-0.1,), PRIOR)[0] > 0 > model.score_many(0.8, (-0.1,), PRIOR)[0]
