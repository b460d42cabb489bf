"""A plug that reports fitted curves must give a hub the uses that were made, and no others."""

import msgspec
import pytest

from contract import Kind, SensorEvent
from simulator.appliances import curve, draw_household, draw_use
from simulator.devices import Stage
from simulator.devices.cast import Cast
from simulator.living.chance import Chance
from tests.simulator.devices.events import event
from tests.simulator.devices.hub import essence, hear


def a_day_of(place: str, seed: int) -> list[SensorEvent]:
    """Twenty uses of a made-up household's appliance, ten minutes apart."""
    chance, end, uses = Chance.of(seed), 0.0, []
    household = draw_household(place, chance)
    for _ in range(20):
        use = draw_use(household, chance)
        end = round(end + 600 + use.seconds, 3)
        wh = round(use.wh, 1) or 0.1
        name = f"{place}-plug"
        uses.append(event(name, Kind.APPLIANCE, place, end, wh, duration=use.seconds))
    return uses


def heard(uses: list[SensorEvent]) -> list[SensorEvent]:
    cast, refused = Cast(uses), list[str]()
    stage = Stage(cast, lambda _, reason: refused.append(reason), curve=curve)
    found = hear("h1", cast, stage.messages(uses))
    assert not refused
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("place", ["kettle", "toaster", "dishwasher"])
def test_a_hub_hears_each_use_with_its_energy_and_length(place: str, seed: int) -> None:
    known = place if place != "dishwasher" else "kettle"
    uses = [msgspec.structs.replace(one, place=place) for one in a_day_of(known, seed)]
    assert essence(heard(uses)) == essence(uses)


@pytest.mark.parametrize("seed", range(5))
def test_a_hub_hears_each_use_of_an_oven_once_although_it_pulses(seed: int) -> None:
    uses = a_day_of("microwave", seed)
    times = [(one.at, one.duration) for one in heard(uses)]
    assert times == [(one.at, one.duration) for one in uses]


@pytest.mark.parametrize("seed", range(5))
def test_a_hub_hears_all_energy_of_an_oven_that_pulses(seed: int) -> None:
    uses = a_day_of("microwave", seed)
    assert essence(heard(uses)) == essence(uses)
