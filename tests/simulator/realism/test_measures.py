"""Measures on lives whose answers are known."""

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.realism.hearing import SENSORS, Heard
from simulator.realism.homes import Home, observe
from simulator.realism.measures import counts, days, rhythm
from simulator.realism.measures.registry import HOME_MEASURES, SPAN_MEASURES
from tests.simulator.realism.people import at, heard, town

DAYS = 22  # of which 20 count
NAMED = {measure.name: measure for measure in HOME_MEASURES}


def seen(**times: list[float]) -> Home:
    (home,) = observe([heard("a", **times)])
    return home


def figure(name: str, home: Home) -> float:
    return NAMED[name].of(home)


def daily(*hours: float, second: float = 0) -> list[float]:
    return [at(day, hour, second) for day in range(DAYS) for hour in hours]


def test_counts_that_never_change_have_no_spread_and_those_of_chance_have_their_mean() -> None:
    steady = np.full(30, 6.0)
    assert (counts.deviation(steady), counts.variation(steady)) == (0, 0)
    assert counts.dispersion(steady) == pytest.approx(-1 / 6)
    chance = np.random.default_rng(1).poisson(9, 40_000).astype(float)
    assert counts.overdispersion(chance) == pytest.approx(1, abs=0.03)
    assert counts.dispersion(chance) == pytest.approx(0, abs=0.005)


def test_negative_binomial_dispersion_is_found_again() -> None:
    rng = np.random.default_rng(2)
    found = rng.poisson(rng.gamma(4, 12 / 4, 60_000)).astype(float)  # 1 / 4 by definition
    assert counts.dispersion(found) == pytest.approx(0.25, abs=0.01)


def test_visits_are_told_by_day_and_by_night() -> None:
    bathroom = daily(2, 4.5, 8, 13, 21) + daily(8, second=100)  # the last belongs to a visit
    home = seen(bathroom=bathroom)
    assert figure("bathroom visits", home) == 5
    assert figure("bathroom visits by night, 00 to 06 h", home) == 2
    assert figure("bathroom visits by day, 06 to 24 h", home) == 3
    assert figure("bathroom activations", home) == 6
    assert figure("bathroom visits, SD", home) == 0


def test_a_night_is_that_on_the_wall_also_when_clocks_change() -> None:
    start = datetime(2019, 10, 16, tzinfo=UTC).timestamp() - 3600  # summer time, until the 27th
    hours = [
        start + day * 86_400 + hour * 3600 + (3600 if day > 11 else 0)
        for day in range(DAYS)
        for hour in (5.5, 12, 13, 14)
    ]
    hours.append(start + 11 * 86_400 + 6.5 * 3600)  # 05:30 on the day of 25 hours
    hours.remove(start + 11 * 86_400 + 5.5 * 3600)  # which summer time would have called 05:30
    home = seen(bathroom=hours)
    assert home.visits_by_day("bathroom", 0, 6).tolist() == [1] * (DAYS - 2)
    assert figure("activations from 04 to 08 h", home) == 0.25


def test_intervals_between_visits_and_activations() -> None:
    home = seen(bathroom=daily(8, 9, 11, 12))
    assert figure("between bathroom visits, median", home) == 60  # of 60, 120, 60 and 1200
    assert figure("between bathroom activations, 10 %", home) == 3600
    assert figure("shortest between activations of a room", home) == 3600


def test_ways_from_room_to_room_are_timed_and_detours_are_not() -> None:
    home = seen(
        hallway=daily(8, 12, 16),
        bathroom=daily(8, second=9) + daily(12, second=15) + daily(16, second=300),
        kitchen=daily(20),
    )
    assert figure("hallway to bathroom", home) == 12
    assert figure("hallway to bathroom, spread", home) == 6
    assert figure("hallway to bathroom, how often", home) == 2
    assert np.isnan(figure("hallway to kitchen", home))


def test_silences_count_the_edges_of_the_day() -> None:
    home = seen(kitchen=daily(8, 8.5, 9, 11, 14.5, 20, 21.5))
    silent = rhythm.gaps(home, 8, 22)
    assert silent.hours.sum() == pytest.approx(14 * 20)
    assert figure("longest silence by day", home) == 5.5
    assert figure("silences over 2 h by day", home) == 2  # 3.5 and 5.5; 2 is not over 2
    assert figure("silences over 1 h by day", home) == 4
    assert figure("day in silences over 1 h", home) == pytest.approx((2 + 3.5 + 5.5 + 1.5) / 14)
    assert figure("longest silence by night", home) == 6


def test_who_stays_up_after_midnight_was_last_about_late_not_early() -> None:
    home = seen(lounge=daily(7.5, 12, 23) + daily(1.5), bathroom=daily(5))
    assert figure("first about, median", home) == 7.5  # not the bathroom at five
    assert figure("last about, median", home) == 25.5
    assert figure("first about, SD", home) == pytest.approx(0, abs=1e-6)


def test_shares_of_the_day_add_up() -> None:
    home = seen(kitchen=daily(2, 9, 10, 17))
    shares = [figure(f"activations from {h:02} to {h + 4:02} h", home) for h in range(0, 24, 4)]
    assert shares == [0.25, 0, 0.5, 0, 0.25, 0]


def test_what_lingers_from_day_to_day_is_found_and_gaps_between_days_are_no_neighbours() -> None:
    wave = np.sin(np.arange(60) / 4)
    assert days.lag(wave, np.arange(60)) > 0.9
    assert np.isnan(days.lag(wave, np.arange(60) * 2))
    flipping = np.tile([1.0, 2.0], 15)
    assert days.lag(flipping, np.arange(30)) == pytest.approx(-1)


def test_weekends_that_differ_are_found() -> None:
    on = np.arange(18_022, 18_022 + 28)  # from a Monday
    quiet = np.where((on + 3) % 7 >= 5, 5.0, 10.0)
    assert days.weekend(quiet, on) == 0.5
    assert days.between_weekdays(quiet, on) == pytest.approx(1)
    chance = np.random.default_rng(3).normal(10, 1, 28)
    assert days.between_weekdays(chance, on) < 0.5


def test_rooms_that_rise_and_fall_together_are_found() -> None:
    busy = [day for day in range(DAYS) for _ in range(2 + day % 4)]
    kitchen = [at(day, 9 + step % 9) for step, day in enumerate(busy)]
    fridge = [t + 20 for t in kitchen]
    lounge = [at(day, 20 + step / 10) for day in range(DAYS) for step in range(6 - day % 4)]
    home = seen(kitchen=kitchen, fridge=fridge, lounge=lounge)
    assert figure("kitchen with fridge", home) == pytest.approx(1)
    assert figure("kitchen with lounge", home) == pytest.approx(-1)


def test_every_measure_of_an_ordinary_home_is_a_number() -> None:
    (home,) = observe(town(1, seed=5, days=40, pause=30, sensors=SENSORS))
    told = {name: measure.of(home) for name, measure in NAMED.items()}
    ways = {name for name in told if " to " in name and "activations" not in name}
    assert {name for name, value in told.items() if not np.isfinite(value)} <= ways


@pytest.mark.parametrize("sensor", ["bathroom", "kitchen", "fridge", "front_door"])
def test_a_home_with_a_dead_sensor_tells_nothing_of_it_and_the_rest_as_before(sensor: str) -> None:
    (whole,) = town(1, seed=6, days=40, sensors=SENSORS)
    streams = {name: rows for name, rows in whole.streams.items() if name != sensor}
    (before,) = observe([whole])
    (home,) = observe([Heard("a", streams)])
    for name, measure in NAMED.items():
        value = measure.of(home)
        if name.startswith(sensor.replace("_", " ")):
            assert np.isnan(value), name
    assert figure("lounge visits", home) == figure("lounge visits", before)


def test_measures_have_names_of_their_own_and_say_why_they_matter() -> None:
    told = [(measure.name, measure.family, measure.why) for measure in HOME_MEASURES]
    told += [(m.name, m.family, m.why) for what in SPAN_MEASURES for m in what.measures]
    assert len({name for name, _, _ in told}) == len(told)
    assert all(len(why) > 20 and family for _, family, why in told)


def test_the_same_life_gives_the_same_figures_whatever_the_home_is_called() -> None:
    (one,), (two,) = (observe(town(1, seed=7, days=30, name=name)) for name in "ab")
    for measure in HOME_MEASURES:
        assert_allclose(measure.of(one), measure.of(two))
