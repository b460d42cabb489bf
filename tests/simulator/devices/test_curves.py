"""Whatever curve an appliance draws, what a plug tells of it is the energy of the use."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Kind
from gateway.dialects.protocol import Signal
from simulator import appliances
from simulator.devices.curve import Curve, constant
from simulator.devices.fitted import Fitted
from simulator.devices.plug import Plug
from simulator.living.chance import Chance
from tests.simulator.devices.events import START, event

CURVES: dict[str, Curve] = {"constant": constant, "as recorded": appliances.curve}
PLACES = st.sampled_from(["kettle", "microwave", "toaster", "kitchen"])


@pytest.mark.parametrize("name", CURVES)
def test_area_and_counter_are_the_energy_of_the_use(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(
        place=PLACES,
        watts=st.floats(min_value=20, max_value=2500),
        seconds=st.integers(min_value=5, max_value=3000),
    )
    def holds(place: str, watts: float, seconds: int) -> None:
        wh = watts * seconds / 3600
        use = event("plug", Kind.APPLIANCE, place, 9000, wh, duration=seconds)
        fitted = Fitted("plug", Kind.APPLIANCE, place, curve=CURVES[name])
        told = Plug(fitted).tell(use)
        power = [(one.t, one.values[Signal.POWER]) for one in told]
        area = sum(w * (late - early) for (early, w), (late, _) in pairwise(power)) / 3600
        assert area == pytest.approx(wh, abs=0.002, rel=1e-5)
        energy = [one.values[Signal.ENERGY] * 1000 for one in told]
        assert energy == sorted(energy)
        assert energy[-1] - energy[0] == pytest.approx(wh, abs=0.001)
        assert (power[0][0], power[-1]) == (START + 9000 - seconds, (START + 9000, 0))

    holds()


def test_the_same_curve_is_drawn_whichever_uses_were_told_before() -> None:
    fitted = Fitted("plug", Kind.APPLIANCE, "kettle", curve=appliances.curve)
    uses = [event("plug", Kind.APPLIANCE, "kettle", t, 90, duration=130) for t in (1000, 9000)]
    both = Plug(fitted)
    both.tell(uses[0])
    told, alone = both.tell(uses[1]), Plug(fitted).tell(uses[1])
    assert [one.values[Signal.POWER] for one in told] == [one.values[Signal.POWER] for one in alone]


def test_a_steady_curve_draws_nothing_from_chance() -> None:
    chance, untouched = Chance.of(1), Chance.of(1)
    constant("kettle", 90, 120, chance)
    assert chance.share() == untouched.share()
