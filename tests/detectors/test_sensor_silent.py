"""A silent sensor is never a silent person: it is missed by name while others speak."""

import pytest

from contract import State
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import ROLES, event, profile
from detectors.models.change import DAYS_A_MONTH
from detectors.sensor_silent import FORGOTTEN_DAYS, SensorSilent
from tests.detectors.people import (
    alone,
    also,
    at,
    day_of,
    gone,
    instant,
    life,
    nobody_stirs,
    raised,
    said,
    when,
)

DAYS = 40
OFTEN = [
    "bathroom-pir",
    "bedroom-pir",
    "hallway-pir",
    "kitchen-pir",
    "lounge-pir",
    "fridge-contact",
]


@pytest.mark.parametrize("sensor", OFTEN)
def test_a_dead_sensor_is_named_within_three_days(sensor: str) -> None:
    events = when(life(DAYS), lambda one: one.sensor != sensor or day_of(one) < 20)
    alerts = [one for one in raised(said(SensorSilent(profile()), events)) if day_of(one) >= 20]
    assert sensor in {one.subject for one in alerts if day_of(one) <= 23}
    assert "battery" in alerts[0].prompt


def test_it_is_cleared_at_the_first_word() -> None:
    events = when(life(DAYS), lambda one: one.sensor != "kitchen-pir" or not 20 <= day_of(one) < 26)
    answers = [one for one in said(SensorSilent(profile()), events) if one.subject == "kitchen-pir"]
    assert State.RAISED in {one.state for one in answers if day_of(one) == 24}
    assert {one.state for one in answers if day_of(one) > 26} == {State.NORMAL}


def test_a_sensor_that_was_fitted_and_never_spoke_is_noticed() -> None:
    events = when(life(10), lambda one: one.sensor != "bed-mat")
    alerts = raised(said(SensorSilent(profile()), events))
    assert [one.subject for one in alerts] == ["bed-mat"]
    assert "not been heard at all" in alerts[0].evidence[0].text


def test_a_holiday_is_no_fault_of_any_sensor() -> None:
    events = gone(life(DAYS), instant(15, 9), instant(29, 15))
    alerts = raised(said(SensorSilent(profile()), events))
    assert not [one for one in alerts if 15 <= day_of(one) <= 29]


def test_a_sensor_that_was_taken_away_is_let_go_of_and_one_that_was_fitted_is_not() -> None:
    events = when(life(140), lambda one: one.sensor != "kitchen-pir" or day_of(one) < 20)
    unlisted = alone(sensors=())
    last = [one for one in said(SensorSilent(unlisted), events) if one.subject == "kitchen-pir"][-1]
    assert last.state == State.NORMAL
    assert "removed" in last.reason
    assert 20 + FORGOTTEN_DAYS <= day_of(last) <= 22 + FORGOTTEN_DAYS
    listed = [one for one in said(SensorSilent(profile()), events) if one.subject == "kitchen-pir"]
    assert (listed[-1].state, day_of(listed[-1])) == (State.RAISED, 139)


def test_a_home_that_stood_empty_for_months_loses_no_sensor() -> None:
    events = when(life(160), lambda one: not 20 <= day_of(one) < 120)
    answers = said(SensorSilent(alone(sensors=())), events)
    assert not [one for one in answers if "removed" in one.reason]


def test_a_link_that_is_down_is_told_within_a_day_though_everything_is_silent() -> None:
    down = when(life(DAYS), lambda one: one.at < at(instant(20, 13)))
    alerts = raised(said(SensorSilent(profile()), down, until=instant(22, 0)))
    late = [one for one in alerts if one.at > at(instant(20, 13))]
    assert [one.subject for one in late] == ["lounge-climate"]
    assert late[0].at <= at(instant(21, 13))
    assert "link" in late[0].text


def test_an_empty_home_whose_thermometer_speaks_is_no_fault_of_any_sensor() -> None:
    empty = nobody_stirs(life(DAYS), instant(15, 9), until=instant(29, 12))
    alerts = raised(said(SensorSilent(profile()), empty, until=instant(29, 12)))
    assert not [one for one in alerts if one.at > at(instant(15, 9))]


def test_a_pendant_that_is_never_pressed_is_not_missed() -> None:
    assert any(role.sensor == "pendant" for role in ROLES)
    answers = said(SensorSilent(profile()), life(DAYS))
    assert "pendant" not in {one.subject for one in answers}


def test_a_link_that_says_it_is_gone_is_believed_at_once() -> None:
    link = event("hallway-pir", instant(20, 12), 0.0)
    told = type(link)(
        home=link.home, sensor=link.sensor, kind="link", place=link.place, at=link.at, value=0
    )
    alerts = raised(said(SensorSilent(profile()), also(life(DAYS), told)))
    assert [one for one in alerts if one.at == told.at and "offline" in one.text]


def test_ordinary_lives_keep_the_budget_of_false_alerts() -> None:
    alerts = [len(raised(said(SensorSilent(profile()), life(60, seed)))) for seed in range(1, 7)]
    assert sum(alerts) <= BUDGETS["sensor_silent"] * 6 * 60 / DAYS_A_MONTH


def test_a_single_plug_is_missed_by_the_clock() -> None:
    kettle = when(life(DAYS), lambda one: one.place == "kettle" and day_of(one) < 25)
    lone = profile().__class__(home="lifelike")
    alerts = raised(said(SensorSilent(lone), kettle, until=instant(DAYS, 0)))
    assert [one.subject for one in alerts] == ["kettle-plug"]
