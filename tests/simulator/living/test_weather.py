"""A street has one sky: homes under different ones could not be compared in a heat wave."""

from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.chance import Chance
from simulator.living.episodes.episode import DAY_S
from simulator.living.episodes.registry import kind_of
from simulator.living.household import ALONE
from simulator.living.street import Planned, Street
from simulator.living.weather import Sky, Weather, sky_of
from tests.simulator.living.people import START, SUMMER

instants = st.floats(min_value=0, max_value=4e9)


def year(month: int, seed: int = 1) -> list[float]:
    """Degrees outside through the days of a month, over ten years."""
    sky = sky_of(seed, 2)
    return [
        sky.outdoors(datetime(2020 + years, month, 1, tzinfo=UTC).timestamp() + hour * 3600)
        for years in range(10)
        for hour in range(0, 28 * 24, 3)
    ]


@given(st.lists(instants, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_weather_of_an_instant_does_not_depend_on_what_was_asked_before(
    times: list[float], shuffle: Random
) -> None:
    asked = Sky(Chance.of(3))
    forwards = {t: asked.outdoors(t) for t in times}
    shuffled = list(times)
    shuffle.shuffle(shuffled)
    again = Sky(Chance.of(3))
    assert {t: again.outdoors(t) for t in shuffled} == forwards


def test_summer_is_warm_and_winter_is_cold_as_in_lowland_england() -> None:
    january, july = np.mean(year(1)), np.mean(year(7))
    assert 1 < january < 8
    assert 14 < july < 21
    assert min(year(1)) > -15
    assert max(year(7)) < 36


def test_afternoons_are_warmer_than_nights_and_no_two_days_alike() -> None:
    sky = sky_of(4, 2)
    nights = [sky.outdoors(SUMMER + day * DAY_S + 3 * 3600) for day in range(30)]
    afternoons = [sky.outdoors(SUMMER + day * DAY_S + 15 * 3600) for day in range(30)]
    assert np.mean(afternoons) - np.mean(nights) == pytest.approx(7, abs=0.5)
    assert np.std(afternoons) > 0.7


def test_homes_of_one_street_lie_under_one_sky_and_other_streets_under_others() -> None:
    one, two = (Street(seed=5, start=START, homes=9, mix=ALONE).home(n).weather for n in (1, 9))
    other = Street(seed=6, start=START, homes=9).home(1).weather
    times = [START + hour * 3600 for hour in range(200)]
    assert [one.outdoors(t) for t in times] == [two.outdoors(t) for t in times]
    assert [one.outdoors(t) for t in times] != [other.outdoors(t) for t in times]


def test_a_heat_wave_is_felt_by_the_homes_it_befalls_and_while_it_lasts() -> None:
    wave = kind_of("heat_wave").begin(10 * DAY_S, severity=0.5, days=3)
    street = Street(seed=5, start=SUMMER, homes=2, planned=(Planned("home1", wave),))
    hot, mild = (street.home(number).weather for number in (1, 2))
    warmer = [
        round(hot.outdoors(SUMMER + day * DAY_S) - mild.outdoors(SUMMER + day * DAY_S), 3)
        for day in (9.9, 10.5, 11, 13.9, 14.5, 15.1)
    ]
    assert warmer == [0, 3, 6, 6, 3, 0]


@given(instants)
def test_a_home_is_heated_but_not_cooled_and_lags_behind(t: float) -> None:
    weather = Weather(sky_of(1, 2))
    inside, outside = weather.indoors(t), weather.outdoors(t - 4 * 3600)
    assert inside >= 20.5
    assert inside == pytest.approx(20.5 + 0.55 * max(0, outside - 17.5))
