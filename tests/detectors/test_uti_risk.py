"""Toileting: staff hear of a change within days, and of nothing that is not the person's."""

import pytest

from contract import State
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import profile
from detectors.models.change import DAYS_A_MONTH
from detectors.uti_risk import UtiRisk
from tests.detectors.people import (
    alone,
    day_of,
    gone,
    instant,
    life,
    more_bathroom,
    raised,
    said,
    states_on,
    when,
)

DAYS = 40
ILL = range(30, 36)


@pytest.mark.parametrize("seed", range(1, 6))
def test_twice_as_many_visits_are_told_within_three_days(seed: int) -> None:
    events = more_bathroom(life(DAYS, seed), ILL, a_day=14, a_night=3)
    alerts = raised(said(UtiRisk(profile()), events))
    assert min(day_of(one) for one in alerts if day_of(one) >= ILL.start) <= ILL.start + 3


def test_a_bad_night_counts_at_breakfast_and_not_only_at_midnight() -> None:
    answers = said(UtiRisk(profile()), more_bathroom(life(DAYS), ILL, a_day=0, a_night=6))
    first = raised(answers)[0]
    assert first.at.hour in {5, 6}
    assert first.evidence[0].measure == "bathroom_visits_night"


def test_ordinary_lives_keep_the_budget_of_false_alerts() -> None:
    alerts = [len(raised(said(UtiRisk(profile()), life(60, seed)))) for seed in range(1, 9)]
    assert sum(alerts) <= BUDGETS["uti_risk"] * 8 * 60 / DAYS_A_MONTH


def test_an_alert_shows_the_last_fortnight_beside_the_usual() -> None:
    answers = said(UtiRisk(profile()), more_bathroom(life(DAYS), ILL, a_day=14, a_night=3))
    alert = raised(answers)[-1]
    for evidence in alert.evidence:
        assert len(evidence.days) == 14
        assert evidence.value is not None
        low, usual, high = evidence.low, evidence.usual, evidence.high
        assert None not in {low, usual, high}
        assert (low or 0) <= (usual or 0) <= (high or 0)
        assert "usually" in evidence.text
    assert sum(one.share or 0 for one in alert.evidence) == pytest.approx(1, abs=0.01)
    assert "check" in alert.text
    assert "check" in alert.prompt


def test_an_alert_clears_when_the_visits_are_as_usual_again() -> None:
    answers = said(UtiRisk(profile()), more_bathroom(life(60), ILL, a_day=14, a_night=3))
    assert State.RAISED in states_on(answers, ILL.stop - 1)
    assert states_on(answers, 55) == {State.NORMAL}


def test_a_week_away_is_no_change_but_cannot_be_judged() -> None:
    answers = said(UtiRisk(profile()), gone(life(DAYS), instant(25, 9), instant(32, 15)))
    assert not [one for one in raised(answers) if 25 <= day_of(one) < 35]
    assert all(states_on(answers, day) == {State.BLIND} for day in range(26, 32))
    away = next(one for one in answers if day_of(one) == 28)
    assert "Out" in away.reason


def test_a_dead_bathroom_sensor_blinds_rather_than_calms() -> None:
    events = when(
        life(DAYS),
        lambda one: one.sensor not in {"bathroom-pir", "toilet-flush"} or day_of(one) < 25,
    )
    answers = said(UtiRisk(profile()), events)
    assert states_on(answers, 30) == {State.BLIND}
    assert "bathroom-pir" in next(one.reason for one in answers if day_of(one) == 31)


def test_visitors_who_stir_every_room_are_not_the_persons_illness() -> None:
    guests = [
        one
        for seed in range(20, 24)
        for one in life(DAYS, seed)
        if day_of(one) in ILL and one.kind == "motion" and 9 <= one.at.hour < 20
    ]
    events = sorted([*life(DAYS), *guests], key=lambda one: one.at)
    answers = said(UtiRisk(profile()), events)
    assert State.BLIND in states_on(answers, ILL.start + 1)
    assert not [one for one in raised(answers) if day_of(one) in ILL]


def test_a_home_without_a_bathroom_sensor_is_told_that_it_is_not_watched() -> None:
    events = when(life(20), lambda one: one.place not in {"bathroom", "toilet"})
    last = said(UtiRisk(profile()), events)[-1]
    assert last.state == State.BLIND
    assert last.reason == "No sensor here tells of this."


def test_a_smaller_budget_never_alerts_sooner() -> None:
    events = more_bathroom(life(DAYS), ILL, a_day=6, a_night=1)
    delays = []
    for budget in (2.0, 0.3, 0.05):
        alerts = raised(said(UtiRisk(alone(budget={"uti_risk": budget})), events))
        within = [one.at.timestamp() for one in alerts if day_of(one) >= ILL.start]
        delays.append(min(within, default=float("inf")))
    assert delays == sorted(delays)
