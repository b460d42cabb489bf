"""What so few homes differ by from their own kind, so that nobody fits to luck."""

import numpy as np

from simulator.realism.fit.luck import by_chance
from simulator.realism.fit.misfit import figures, misfit
from simulator.realism.observed import observe_simulated
from tests.simulator.realism.people import FEW, town

MANY = observe_simulated(town(24, seed=1, days=20))
REAL = figures(observe_simulated(town(6, seed=2, days=20)), FEW)


def test_homes_of_the_same_kind_are_about_as_far_off_as_chance_puts_them() -> None:
    chance = by_chance(MANY, REAL, 6, FEW)
    assert chance is not None
    off = float(np.sum(misfit(REAL, figures(MANY, FEW)) ** 2))
    assert chance / 2 < off < chance * 2


def test_homes_of_another_kind_are_further_off_than_that() -> None:
    chance = by_chance(MANY, REAL, 6, FEW)
    other = figures(observe_simulated(town(6, seed=3, days=20, busy=2)), FEW)
    assert chance is not None
    assert np.sum(misfit(other, figures(MANY, FEW)) ** 2) > 2 * chance


def test_what_real_homes_cannot_tell_is_no_chance_either() -> None:
    silent = REAL._replace(quartiles=np.full_like(REAL.quartiles, np.nan))
    told, untold = by_chance(MANY, REAL, 6, FEW), by_chance(MANY, silent, 6, FEW)
    assert told is not None
    assert untold is not None
    assert 0 < untold < told / 2


def test_too_few_made_up_homes_say_nothing_of_chance() -> None:
    assert by_chance(MANY, REAL, 13, FEW) is None
