"""Traits as parameters: turned within what can be, and settled before anybody is born."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living import population
from simulator.living.population import HOMES, PEOPLE, Trait
from simulator.realism.fit.traits import PROBE, Key, Knob, Knobs, present, settle

PACE = Key("PEOPLE", "pace")
BATHROOM = Key("HOMES", "bathroom")


def test_every_trait_of_people_and_homes_can_be_fitted() -> None:
    traits = present()
    assert len(traits) == len(PEOPLE) + len(HOMES)
    assert traits[PACE] == PEOPLE["pace"]
    assert len(Knobs.of(traits).knobs) == 2 * len(traits)


def test_only_the_traits_asked_for_are_turned() -> None:
    knobs = Knobs.of(present(), ["pace", "bathroom"])
    assert {knob.key for knob in knobs.knobs} == {PACE, BATHROOM}
    assert [point.keys() for _, point in knobs.probes(present())] == [present().keys()] * 4


def test_a_mistyped_trait_is_told_and_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no trait is called 'pase'"):
        Knobs.of(present(), ["pace", "pase"])


@given(
    middle=st.floats(0.01, 1e4),
    sigma=st.floats(0.01, 2),
    plain=st.booleans(),
    by=st.floats(-0.6, 0.6),
)
def test_turned_there_and_back_a_trait_is_the_same(
    middle: float, sigma: float, plain: bool, by: float
) -> None:
    trait = Trait(middle, sigma, plain=plain, low=-10)
    for knob in (Knob(PACE, "middle"), Knob(PACE, "sigma")):
        there = knob.turned(trait, by)
        assert knob.turned(there, -by) == pytest.approx(trait)
        assert (there.middle, there.sigma) >= (middle, sigma) or by < 0


def test_a_middle_stays_where_the_trait_can_be() -> None:
    """A sensor that sees more than everything is none."""
    knob, trait = Knob(BATHROOM, "middle"), Trait(0.9, 0.2, high=0.98)
    assert knob.turned(trait, 0.6).middle == 0.98
    assert Knob(PACE, "middle").turned(Trait(0.3, 0.2, low=0.25), -0.6).middle == 0.25


@pytest.mark.parametrize("middle", [0.5, 0.9, 0.98])
def test_a_probe_is_turned_as_far_as_it_says(middle: float) -> None:
    """At its bound a trait would seem to do nothing, or less than it does."""
    trait = Trait(middle, 0.2, high=0.98)
    for by, point in Knobs((Knob(BATHROOM, "middle"),)).probes({BATHROOM: trait}):
        assert abs(by) == PROBE
        assert point[BATHROOM].middle == pytest.approx(middle * 2.718281828**by)


def test_what_is_judged_is_what_will_be_written() -> None:
    """A population that is rounded only afterwards may be a worse one."""
    knobs = Knobs((Knob(PACE, "middle"), Knob(PACE, "sigma")))
    moved = knobs.moved(
        {PACE: Trait(0.7, 0.2), BATHROOM: Trait(0.70612, 0.2)}, np.array([0.1, 0.1])
    )
    assert (moved[PACE].middle, moved[PACE].sigma) == (0.774, 0.221)
    assert moved[BATHROOM].middle == 0.70612  # nobody touched it


def test_a_population_that_comes_too_late_is_refused() -> None:
    """Habits keep the traits they were made with: half of the people would be others."""
    import simulator.living.habits.registry  # noqa: F401, PLC0415 - this is what is too late

    before = dict(population.PEOPLE)
    with pytest.raises(RuntimeError, match=r"before simulator\.living\.habits"):
        settle({PACE: Trait(1.4, 0.2)})
    assert before == population.PEOPLE
