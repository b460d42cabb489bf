"""A curve must be what a plug reports of exactly the use asked for, else a hub learns another."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.appliances import Sample, Use, curve, draw_household, draw_use
from simulator.appliances.kettle import Kettle
from simulator.appliances.registry import recorded
from simulator.living.chance import Chance

PAGE = Path(__file__).parents[3] / "docs" / "simulator-appliances.md"
KINDS = st.sampled_from(["kettle", "microwave", "toaster", "dishwasher"])
SECONDS = st.integers(min_value=1, max_value=3_600_000).map(lambda ms: ms / 1000)
WATTS = st.floats(min_value=1, max_value=5000)
SEEDS = st.integers(min_value=0, max_value=2**32)


def area(samples: list[Sample]) -> float:
    return sum(a.watts * (b.offset_s - a.offset_s) for a, b in pairwise(samples)) / 3600


@given(KINDS, WATTS, SECONDS, SEEDS)
def test_area_and_counter_are_the_energy_asked_for(
    appliance: str, watts: float, seconds: float, seed: int
) -> None:
    wh = watts * seconds / 3600
    samples = curve(appliance, wh, seconds, Chance.of(seed))
    assert area(samples) == pytest.approx(wh, rel=1e-9)
    assert samples[-1] == (seconds, 0.0, wh)
    assert samples[0].wh_so_far == 0
    for early, late in pairwise(samples):
        step = early.watts * (late.offset_s - early.offset_s) / 3600
        assert late.wh_so_far - early.wh_so_far == pytest.approx(step, abs=1e-6)


@given(KINDS, WATTS, SECONDS, SEEDS)
def test_a_plug_reports_in_order_and_draws_power_until_the_end(
    appliance: str, watts: float, seconds: float, seed: int
) -> None:
    samples = curve(appliance, watts * seconds / 3600, seconds, Chance.of(seed))
    assert samples[0].offset_s == 0
    assert all(early.offset_s < late.offset_s for early, late in pairwise(samples))
    assert all(sample.offset_s == round(sample.offset_s, 3) for sample in samples)
    assert all(sample.watts > 0 for sample in samples[:-1])


@given(KINDS, WATTS, SECONDS, SEEDS)
def test_a_use_begins_near_or_above_its_mean_so_that_a_hub_dates_it_rightly(
    appliance: str, watts: float, seconds: float, seed: int
) -> None:
    samples = curve(appliance, watts * seconds / 3600, seconds, Chance.of(seed))
    assert samples[0].watts > 0.9 * watts


@given(KINDS, SEEDS)
def test_the_same_chance_gives_the_same_curve(appliance: str, seed: int) -> None:
    curves = [curve(appliance, 60, 150, Chance.of(seed)) for _ in range(2)]
    assert curves[0] == curves[1]


@pytest.mark.parametrize("appliance", ["kettle", "microwave", "toaster"])
def test_a_plug_reports_at_least_every_twenty_seconds(appliance: str) -> None:
    times = [sample.offset_s for sample in curve(appliance, 60, 150, Chance.of(1))]
    assert all(late - early < 20 for early, late in pairwise(times))


def test_a_kettle_is_nearly_level() -> None:
    powers = [one.watts for one in curve("kettle", 100, 132, Chance.of(1))][:-1]
    assert max(powers) / min(powers) < 1.08
    assert len(set(powers)) == len(powers)  # yet no two reports are alike


def test_a_microwave_at_less_than_full_power_pulses() -> None:
    powers = [one.watts for one in curve("microwave", 30, 240, Chance.of(1))][:-1]
    assert min(powers) < 60
    assert max(powers) > 900
    off = [power for power in powers if power < 60]
    assert len(off) == round(240 / 23)


def test_a_microwave_at_full_power_does_not_pulse() -> None:
    powers = [one.watts for one in curve("microwave", 36, 120, Chance.of(1))][:-1]
    assert min(powers) > 1000


@pytest.mark.parametrize(("wh", "seconds"), [(0, 60), (-1, 60), (5, 0), (5, 0.0001)])
@pytest.mark.parametrize("appliance", ["kettle", "microwave", "toaster", "dishwasher"])
def test_what_is_no_use_is_said_to_be_none(appliance: str, wh: float, seconds: float) -> None:
    with pytest.raises(ValueError, match="is no use"):
        curve(appliance, wh, seconds, Chance.of(1))


@given(st.sampled_from(["kettle", "microwave", "toaster"]), SEEDS)
def test_what_a_household_uses_can_be_drawn_as_a_curve(appliance: str, seed: int) -> None:
    chance = Chance.of(seed)
    ours = draw_household(appliance, chance)
    use = draw_use(ours, chance)
    assert area(curve(ours, use.wh, use.seconds, chance)) == pytest.approx(use.wh)
    assert 1 < use.seconds < 3600
    assert 0.05 < use.wh < 1000


def test_boils_are_of_one_to_six_cups() -> None:
    chance = Chance.of(4)
    for kettle in recorded("kettle").values():
        boils = sorted(draw_use(kettle, chance).wh for _ in range(2000))
        assert boils[0] < 20
        assert 60 < boils[1000] < 150
        assert boils[-1] < 240


def test_water_takes_the_energy_that_physics_asks_for() -> None:
    """A litre from 15 to 100 degrees takes 98.8 Wh; 85 % of what the plug meters goes into it."""
    kettle = recorded("kettle")["refit-2"]
    assert isinstance(kettle, Kettle)
    use = kettle.boil(1.0, Chance.of(1))
    assert use.wh == pytest.approx(98.8 / 0.85, abs=0.1)
    assert use.wh * 3600 / use.seconds == pytest.approx(kettle.rated_w, rel=0.05)


def test_the_page_shows_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    named: dict[str, object] = {}
    exec(code, named)  # noqa: S102 (the page's own example)
    said = capsys.readouterr().out.splitlines()
    use = named["use"]
    assert isinstance(use, Use)
    assert said[0].startswith("0.0 ")
    assert said[-1] == f"{use.seconds} 0.0 {use.wh}"


def test_a_household_keeps_its_kettle() -> None:
    """Its power is the same each time, or a detector of scale has nothing to hold on to."""
    chance = Chance.of(5)
    kettle = draw_household("kettle", chance)
    powers = [use.wh * 3600 / use.seconds for use in (draw_use(kettle, chance) for _ in range(50))]
    assert max(powers) / min(powers) < 1.12


@pytest.mark.parametrize("appliance", ["dishwasher", "../kettle"])
def test_nobody_knows_how_an_unknown_appliance_is_used(appliance: str) -> None:
    with pytest.raises(LookupError, match="known"):
        draw_use(appliance, Chance.of(1))
    with pytest.raises(LookupError, match="kettle, microwave, toaster"):
        draw_household(appliance, Chance.of(1))
