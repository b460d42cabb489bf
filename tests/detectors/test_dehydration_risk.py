"""Drinking: staff hear of fewer drinks within days; a lost plug or a holiday is none of it."""

import numpy as np
import pytest

from contract import SensorEvent, State
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import profile
from detectors.dehydration_risk import DehydrationRisk
from detectors.models.change import DAYS_A_MONTH
from tests.detectors.people import day_of, gone, instant, life, raised, said, states_on, when

DAYS = 45
ILL = range(30, 36)


def thirsty(events: list[SensorEvent], kept: float, places: set[str]) -> list[SensorEvent]:
    """Only a share of what happens at those places happens while ill."""
    rng = np.random.default_rng(3)
    return when(
        events,
        lambda one: not (one.place in places and day_of(one) in ILL and rng.random() > kept),
    )


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_quarter_of_the_drinks_is_told_before_the_illness_is_over(seed: int) -> None:
    events = thirsty(life(DAYS, seed), 0.25, {"kettle", "kitchen", "fridge"})
    alerts = raised(said(DehydrationRisk(profile()), events))
    assert any(day_of(one) in range(ILL.start + 1, ILL.stop + 1) for one in alerts)


def test_half_of_the_kitchen_visits_is_told_where_no_kettle_is_metered() -> None:
    events = when(life(DAYS), lambda one: one.place != "kettle")
    alerts = raised(said(DehydrationRisk(profile()), thirsty(events, 0.4, {"kitchen", "fridge"})))
    assert any(day_of(one) in range(ILL.start + 1, ILL.stop + 1) for one in alerts)


def test_ordinary_lives_keep_the_budget_of_false_alerts() -> None:
    alerts = [len(raised(said(DehydrationRisk(profile()), life(60, seed)))) for seed in range(1, 9)]
    assert sum(alerts) <= BUDGETS["dehydration_risk"] * 8 * 60 / DAYS_A_MONTH


def test_the_staff_are_asked_to_suggest_a_drink() -> None:
    events = thirsty(life(DAYS), 0.2, {"kettle", "kitchen", "fridge"})
    alert = raised(said(DehydrationRisk(profile()), events))[-1]
    assert "warm drink" in alert.prompt
    assert alert.evidence[0].share == max(one.share or 0 for one in alert.evidence)


def test_a_holiday_is_not_thirst() -> None:
    answers = said(DehydrationRisk(profile()), gone(life(DAYS), instant(25, 9), instant(35, 15)))
    assert not [one for one in raised(answers) if 25 <= day_of(one) < 38]
    assert states_on(answers, 30) == {State.BLIND}


def test_a_kettle_that_is_all_there_is_and_falls_silent_for_weeks_is_not_thirst() -> None:
    kettle = when(life(80), lambda one: one.place == "kettle" and not 30 <= day_of(one) < 60)
    answers = said(DehydrationRisk(profile()), kettle, until=instant(80, 0))
    assert states_on(answers, 45) == {State.BLIND}
    assert not [one for one in raised(answers) if day_of(one) > 33]


def test_cold_drinks_instead_of_tea_are_weighed_against_the_kettle() -> None:
    events = thirsty(life(DAYS), 0.5, {"kettle"})
    without_kitchen = when(events, lambda one: one.place not in {"kitchen", "fridge"})
    ends = [
        max(one.score for one in said(DehydrationRisk(profile()), some) if day_of(one) in ILL)
        for some in (events, without_kitchen)
    ]
    assert ends[0] < ends[1]


def test_a_boil_that_is_told_twice_is_one_boil() -> None:
    events = life(20)
    twice = [one for one in events for _ in range(1 + (one.place == "kettle"))]
    last = [said(DehydrationRisk(profile()), some)[-1] for some in (events, twice)]
    assert last[0] == last[1]
