"""Stillness: a person who lies in the bathroom is missed within hours, one who went out is not."""

import pytest

from contract import SensorEvent, State
from detectors.conformance.lifelike import event, profile
from detectors.possible_fall import PossibleFall
from tests.detectors.people import (
    alone,
    also,
    day_of,
    instant,
    life,
    nobody_stirs,
    raised,
    said,
    when,
)

DAYS = 30
T = instant(25, 10.5)


def lies_since(t: float, sensor: str, seed: int = 1) -> list[SensorEvent]:
    """Last seen by that sensor at `t`, and by none after."""
    before = nobody_stirs(life(DAYS, seed), t - 60, until=t + 12 * 3600)
    return also(before, event("hallway-pir", t - 8), event(sensor, t))


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("sensor", ["bathroom-pir", "kitchen-pir", "hallway-pir"])
def test_whoever_lies_where_nobody_rests_is_missed_within_four_hours(
    sensor: str, seed: int
) -> None:
    answers = said(PossibleFall(profile()), lies_since(T, sensor, seed), until=T + 4 * 3600)
    alert = raised(answers)[-1]
    assert 0 < alert.at.timestamp() - T <= 4 * 3600
    assert "minutes" in alert.text
    assert "Call" in alert.prompt


def test_an_alert_is_told_again_as_the_silence_grows_and_ends_with_the_first_sign_of_life() -> None:
    events = also(lies_since(T, "bathroom-pir"), event("bedroom-pir", T + 9 * 3600))
    later = [one for one in said(PossibleFall(profile()), events) if one.at.timestamp() > T]
    assert [one.state for one in later].count(State.RAISED) >= 3
    assert later[-1].state == State.NORMAL
    minutes = [one.evidence[0].value or 0.0 for one in later if one.state == State.RAISED]
    assert minutes == sorted(minutes)


def test_whoever_left_by_the_front_door_is_not_missed_but_out() -> None:
    before = nobody_stirs(life(DAYS), T - 60, until=T + 12 * 3600)
    leaves = also(before, event("hallway-pir", T - 9), event("front-door-contact", T))
    later = [
        one
        for one in said(PossibleFall(profile()), leaves, until=T + 8 * 3600)
        if one.at.timestamp() > T
    ]
    assert not raised(later)


def test_a_hall_sensor_that_sees_the_leaver_does_not_make_a_fall() -> None:
    before = nobody_stirs(life(DAYS), T - 60, until=T + 12 * 3600)
    leaves = also(before, event("front-door-contact", T), event("hallway-pir", T + 20))
    answers = said(PossibleFall(profile()), leaves, until=T + 12 * 3600)
    late = [one for one in answers if one.at.timestamp() > T]
    assert {one.state for one in late} == {State.BLIND}
    assert "probably out" in late[0].reason


def test_an_afternoon_in_the_lounge_is_not_stillness() -> None:
    answers = said(PossibleFall(profile()), lies_since(T, "lounge-pir"), until=T + 6 * 3600)
    assert not [one for one in raised(answers) if one.at.timestamp() > T]


@pytest.mark.parametrize("seed", range(1, 9))
def test_an_ordinary_life_never_calls_anyone_out(seed: int) -> None:
    assert not raised(said(PossibleFall(profile()), life(60, seed)))


def test_with_two_people_it_does_not_claim_that_all_is_well() -> None:
    answers = said(PossibleFall(alone(people=2)), life(DAYS))
    late = [one for one in answers if day_of(one) > 10]
    assert {one.state for one in late} == {State.BLIND}


def test_a_home_with_only_a_kettle_plug_is_not_watched_for_falls() -> None:
    kettle = when(life(DAYS), lambda one: one.place == "kettle")
    answers = said(PossibleFall(profile()), kettle)
    assert {one.state for one in answers} == {State.BLIND}


def test_the_chart_beside_an_urgent_alert_shows_the_day_it_is_about() -> None:
    alert = raised(said(PossibleFall(profile()), lies_since(T, "bathroom-pir"), until=T + 4 * 3600))
    evidence = alert[-1].evidence[0]
    today = evidence.days[-1]
    assert today.day == alert[-1].at.date().isoformat()
    assert today.value is not None
    assert evidence.value is not None
    assert today.value >= evidence.value - 0.1
    assert len(evidence.days) == len({day.day for day in evidence.days}) <= 14
    assert all(day.low is None or day.low >= 0 for day in evidence.days), "no silence is negative"
