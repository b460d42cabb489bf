"""Devices must be made for what people will do with them: a use that is longer would be cut."""

import pytest

from simulator.appliances.registry import recorded
from simulator.live.casting import LONGEST_USE_S
from simulator.living.chance import Chance


@pytest.mark.parametrize("household", recorded("kettle"))
def test_no_kettle_takes_longer_than_its_plug_is_made_for(household: str) -> None:
    chance = Chance.of(3)
    for _ in range(60):
        kettle = recorded("kettle")[household].another(chance)
        assert max(kettle.draw_use(chance).seconds for _ in range(200)) < LONGEST_USE_S
