"""Each person must be their own, and each day possible."""

from collections import Counter
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from simulator.living.chance import Chance
from simulator.living.episodes import WELL, Effects
from simulator.living.habits import Doing, draw_habits, plan_day

seeds = st.integers(min_value=0, max_value=10**9)


@given(seeds)
def test_everybody_is_possible(seed: int) -> None:
    habits = draw_habits(Chance.of(seed))
    assert 5 < habits.wake_hour < 9.1
    assert 20.8 < habits.bed_hour < 24
    assert 240 <= habits.capacity_ml <= 370
    assert 0.4 < habits.pace < 1.1
    assert 0 < habits.urge < 1
    assert 0 < habits.light_sleep <= 1
    assert min(habits.teas, habits.cold_drinks, habits.chores, habits.outings) > 0


def test_no_two_people_are_alike() -> None:
    assert len({draw_habits(Chance.of(seed)) for seed in range(50)}) == 50


@given(seeds, st.floats(min_value=0, max_value=1), st.floats(min_value=0.3, max_value=1))
def test_a_day_is_in_order_and_within_its_hours(seed: int, thirst: float, activity: float) -> None:
    chance = Chance.of(seed)
    habits = draw_habits(chance)
    day = plan_day(habits, Effects(thirst=thirst, activity=activity), chance)
    hours = [hour for hour, _ in day]
    assert hours == sorted(hours)
    assert all(habits.wake_hour < hour < habits.bed_hour + 0.5 for hour in hours)
    done = Counter(doing for _, doing in day)
    assert done[Doing.MEAL] == 2
    assert done[Doing.WASH] == 1
    assert done[Doing.BREAKFAST] == 0, "it comes with getting up"


def average(doing: Doing, felt: Effects) -> float:
    counts = []
    for seed in range(400):
        chance = Chance.of(seed)
        day = plan_day(draw_habits(chance), felt, chance)
        counts.append(sum(what is doing for _, what in day))
    return mean(counts)


def test_thirst_thins_the_drinks_and_nothing_else() -> None:
    dry = Effects(thirst=0.4)
    assert 0.33 < average(Doing.TEA, dry) / average(Doing.TEA, WELL) < 0.47
    assert 0.33 < average(Doing.COLD_DRINK, dry) / average(Doing.COLD_DRINK, WELL) < 0.47
    assert 0.9 < average(Doing.CHORE, dry) / average(Doing.CHORE, WELL) < 1.1


def test_who_is_ill_does_less_and_drinks_as_ever() -> None:
    tired = Effects(activity=0.5)
    assert 0.42 < average(Doing.CHORE, tired) / average(Doing.CHORE, WELL) < 0.58
    assert 0.4 < average(Doing.OUTING, tired) / average(Doing.OUTING, WELL) < 0.6
    assert 0.93 < average(Doing.TEA, tired) / average(Doing.TEA, WELL) < 1.07
