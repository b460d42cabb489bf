"""Which days count, what is a visit, when a sensor is dead: one rule for real and made-up homes."""

import numpy as np

from simulator.realism.hearing import SENSORS
from simulator.realism.homes import Home, observe
from tests.simulator.realism.people import at, heard

DAYS = 20


def busy(days: int = DAYS, *, but: tuple[int, ...] = ()) -> list[float]:
    """Ten activations on each day, half an hour apart."""
    return [at(day, 9 + step / 2) for day in range(days) if day not in but for step in range(10)]


def only(*homes: Home) -> Home:
    (home,) = homes
    return home


def test_the_first_and_the_last_day_are_cut_and_do_not_count() -> None:
    home = only(*observe([heard("a", kitchen=busy())]))
    assert len(home.days) == DAYS - 2
    assert home.left_out == 2
    assert home.daily("kitchen").tolist() == [10] * (DAYS - 2)


def test_a_day_that_was_hardly_recorded_does_not_count() -> None:
    times = [*busy(but=(7,)), at(7, 12)]
    home = only(*observe([heard("a", kitchen=times)]))
    assert len(home.days) == DAYS - 3
    assert home.left_out == 3
    assert home.counts.sum() == 10 * (DAYS - 3)


def test_a_home_of_a_few_days_is_left_out_and_an_empty_one_too() -> None:
    assert observe([heard("a", kitchen=busy(15))]) == []
    assert len(observe([heard("a", kitchen=busy(16))])) == 1
    assert observe([heard("a"), heard("b", kettle=busy())]) == []
    assert observe([]) == []


def test_days_on_which_a_sensor_is_dead_are_not_days_without_visits() -> None:
    home = only(*observe([heard("a", kitchen=busy(), bathroom=busy(but=(5, 6)))]))
    assert home.visits_by_day("bathroom").tolist() == [10] * (DAYS - 4)
    assert home.has("bathroom")
    assert home.has("bathroom", "kitchen")


def test_a_door_that_is_seldom_opened_is_alive_on_days_without() -> None:
    door = [at(day, 11) for day in range(0, DAYS, 3)] + [at(day, 15) for day in range(1, DAYS, 3)]
    home = only(*observe([heard("a", kitchen=busy(), front_door=door)]))
    assert sorted(set(home.daily("front_door").tolist())) == [0, 1]


def test_a_sensor_that_a_home_lacks_or_that_soon_died_is_not_there() -> None:
    dying = [t for t in busy() if t < at(6, 0)]
    home = only(*observe([heard("a", kitchen=busy(), bathroom=dying)]))
    assert not home.has("bathroom")
    assert not home.has("lounge")
    assert len(home.daily("lounge")) == 0


def test_what_comes_within_five_minutes_is_the_same_visit_also_over_midnight() -> None:
    times = [*busy(), *(at(5, 23.95, 60 * minute) for minute in range(0, 12, 4)), at(6, 0.3)]
    home = only(*observe([heard("a", bathroom=times, kitchen=busy())]))
    visits = home.visits_by_day("bathroom")
    assert visits[4] == 11  # day 5: ten, and the one that lasted beyond midnight
    assert visits[5] == 11  # day 6: ten, and the one at 00:18
    assert home.visits_by_day("bathroom", 0, 6).sum() == 1


def test_counts_are_by_sensor_and_day() -> None:
    home = only(*observe([heard("a", kitchen=busy(), fridge=[at(3, 10), at(3, 11)])]))
    assert home.counts[SENSORS.index("fridge")].tolist() == [0, 0, 2, *[0] * (DAYS - 5)]
    assert np.all(home.counts[SENSORS.index("kitchen")] == 10)
