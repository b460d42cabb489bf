"""How far off: nothing where nothing differs, and no more than it should be."""

import numpy as np
import pytest

from simulator.realism.fit.misfit import MOST, Figures, figures, misfit
from simulator.realism.measures.registry import HOME_MEASURES
from simulator.realism.measures.things import KETTLE
from simulator.realism.observed import observe_simulated
from tests.simulator.realism.people import FEW, town

RESOLUTIONS = [measure.resolution for measure in HOME_MEASURES]
RESOLUTIONS += [measure.resolution for measure in KETTLE]
MEASURES = len(RESOLUTIONS)
REAL = figures(observe_simulated(town(6, seed=1, days=20)), FEW)


def shifted(by: float) -> Figures:
    """All quartiles moved by so many interquartile ranges."""
    width = REAL.quartiles[:, 2] - REAL.quartiles[:, 0]
    return REAL._replace(quartiles=REAL.quartiles + by * width[:, None])


def told() -> list[int]:
    """Measures that these homes tell, in which they differ, and as finely as one likes."""
    width = REAL.quartiles[:, 2] - REAL.quartiles[:, 0]
    return [row for row in range(MEASURES) if width[row] > 0 and not RESOLUTIONS[row]]


def test_homes_like_the_real_ones_have_no_loss() -> None:
    assert not misfit(REAL, REAL).any()


def test_a_busier_street_is_further_off() -> None:
    alike, busy = (
        misfit(REAL, figures(observe_simulated(town(6, seed=2, days=20, busy=busy)), FEW))
        for busy in (1.0, 2.0)
    )
    assert np.sum(busy**2) > 2 * np.sum(alike**2) > 0


def test_a_median_beyond_the_real_quartiles_counts_once_more() -> None:
    """It is what the report judges."""
    low, middle, high = REAL.quartiles[told()].T
    for by in (-0.52, -0.1, 0.1, 0.52):
        room = (high - middle if by > 0 else middle - low) / (high - low)
        beyond = np.maximum(np.abs(by) - room, 0)
        expected = np.minimum(2 * np.abs(by), MOST) + np.minimum(2 * beyond, MOST)
        np.testing.assert_allclose(misfit(REAL, shifted(by))[told()], np.sign(by) * expected)


def test_a_median_that_crosses_a_quartile_makes_no_leap() -> None:
    """Chance moves medians to and fro, and would be all that a fit follows."""
    near = [misfit(REAL, shifted(by)) for by in np.linspace(0, 2, 400)]
    assert max(np.abs(np.diff(near, axis=0)).max(axis=0)) < 0.03


def test_what_cannot_be_fitted_does_not_rule_the_rest() -> None:
    far = misfit(REAL, shifted(1e6))
    assert np.abs(far).max() <= 2 * MOST


def test_homes_that_differ_too_little_from_one_another_are_off() -> None:
    """A street of one and the same person has all the right medians."""
    alike = REAL._replace(quartiles=np.repeat(REAL.quartiles[:, 1:2], 3, axis=1))
    spread = misfit(REAL, alike)[MEASURES : 2 * MEASURES]
    np.testing.assert_allclose(spread[told()], -0.5)


def test_what_a_side_cannot_tell_counts_nothing() -> None:
    silent = Figures(np.full_like(REAL.quartiles, np.nan), np.full_like(REAL.days, np.nan))
    assert not misfit(REAL, silent).any()
    assert not misfit(silent, REAL).any()
    assert np.isnan(REAL.quartiles[-len(KETTLE) :]).all()  # these homes have no kettle


def test_a_day_of_which_most_are_the_same_is_measured_all_the_same() -> None:
    real = Figures(REAL.quartiles, np.zeros_like(REAL.days))
    off = misfit(real, real._replace(days=real.days + 2))
    np.testing.assert_allclose(off[2 * MEASURES :], 0.5)


@pytest.mark.parametrize("count", [0, 2])
def test_a_street_of_too_few_homes_has_figures_that_say_nothing(count: int) -> None:
    few = figures(observe_simulated(town(count, seed=1, days=20)), FEW)
    assert np.isnan(few.quartiles).all()
