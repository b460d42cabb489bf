"""The fit as a whole: it looks where it may, everybody is of the population, and it comes near."""

import numpy as np
import pytest

from simulator.living.population import Trait
from simulator.realism.calibration import calibration_homes
from simulator.realism.fit.fitting import Fitting, rounds
from simulator.realism.fit.fresh import in_fresh_processes
from simulator.realism.fit.lived import Life, Streets, figures_of, observed_of
from simulator.realism.fit.misfit import figures
from simulator.realism.fit.traits import Key, Knobs, Population, present
from simulator.realism.hearing import SENSORS
from simulator.realism.observed import Observed
from tests.simulator.realism.people import town

STREETS = Streets(seeds=(3, 4), homes=2, days=17, start=1_556_492_400.0)
REAL = town(8, seed=1, days=20)
SEEN = set(calibration_homes(home.name for home in REAL))


def altered(**middles: float) -> Population:
    """The present population but for these."""
    traits = present()
    for name, middle in middles.items():
        key = Key("PEOPLE", name)
        traits[key] = traits[key]._replace(middle=middle)
    return traits


def test_homes_that_are_kept_for_judging_are_not_looked_at() -> None:
    others = [home for home in town(8, seed=2, days=20, busy=3) if home.name not in SEEN]
    mine = [home for home in REAL if home.name in SEEN]
    one, two = (
        Fitting(homes, streets=STREETS).start(present()).residuals
        for homes in (REAL, mine + others)
    )
    np.testing.assert_array_equal(one, two)


def test_every_home_is_looked_at_only_where_that_is_asked_for() -> None:
    assert set(Fitting(REAL, streets=STREETS).homes) == set(SEEN)
    assert Fitting(REAL, streets=STREETS, every=True).homes == [home.name for home in REAL]


def test_without_homes_that_may_be_seen_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="has days enough"):
        Fitting(town(8, seed=1, days=9), streets=STREETS)


def test_everybody_on_the_street_is_of_the_population_habits_and_all() -> None:
    """A habit that kept its old trait would be fitted to nothing."""
    lives = [
        Life(people, STREETS, SENSORS)
        for people in (present(), altered(tea=30.0), altered(errands=20.0))
    ]
    usual, thirsty, busy = in_fresh_processes(observed_of, lives)
    assert told(usual, "fridge") * 1.3 < told(thirsty, "fridge"), "for the milk"
    assert told(usual, "kitchen") * 1.2 < told(busy, "kitchen")


def told(side: Observed, sensor: str) -> int:
    """How often a sensor spoke in all homes."""
    return sum(int(home.counts[SENSORS.index(sensor)].sum()) for home in side.homes)


def test_chance_is_the_same_for_every_population() -> None:
    """Otherwise luck would be taken for a better population."""
    life = Life(present(), STREETS, SENSORS)
    (side,) = in_fresh_processes(observed_of, [life])
    (one,) = in_fresh_processes(figures_of, [life])
    assert [home.name for home in side.homes] == ["3-home1", "3-home2", "4-home1", "4-home2"]
    np.testing.assert_array_equal(one.quartiles, figures(side, SENSORS).quartiles)


def test_steps_come_nearer_and_end_where_they_do_not() -> None:
    lived = [0]

    def count() -> None:
        lived[0] += 1

    fitting = Fitting(REAL, streets=STREETS, advance=count)
    knobs = Knobs.of(present(), ["in_bathroom"])
    here = fitting.start(altered(in_bathroom=0.3))  # so far off that there is a way back
    path = [here, *fitting.steps(here, knobs, 1)]
    before, after = (at.loss for at in path)
    assert after < before
    for key, trait in path[-1].point.items():
        assert isinstance(trait, Trait)
        assert key.name == "in_bathroom" or trait == present()[key]
    assert lived[0] == rounds(knobs, 1) - 2  # nothing was judged
