"""Silence of the whole home: nobody lies unnoticed for a day, and no sleeper is woken."""

import pytest

from contract import State
from detectors.conformance.lifelike import event, profile
from detectors.no_movement import NoMovement
from tests.detectors.people import also, at, gone, instant, life, nobody_stirs, raised, said, when

DAYS = 30


@pytest.mark.parametrize("sensor", ["bathroom-pir", "lounge-pir", "bedroom-pir"])
@pytest.mark.parametrize("hour", [8.5, 13, 17])
def test_whoever_does_not_stir_any_more_is_missed_the_same_day(sensor: str, hour: float) -> None:
    t = instant(25, hour)
    before = when(life(DAYS), lambda one: one.at < at(t - 60))
    answers = said(NoMovement(profile()), also(before, event(sensor, t)), until=t + 12 * 3600)
    late = [one for one in raised(answers) if one.at.timestamp() > t]
    assert late
    assert late[0].evidence[0].days


@pytest.mark.parametrize("seed", range(1, 9))
def test_nights_of_an_ordinary_life_alert_nobody(seed: int) -> None:
    assert not raised(said(NoMovement(profile()), life(60, seed)))


def test_someone_who_is_away_for_days_is_blind_and_comes_back_to_normal() -> None:
    answers = said(NoMovement(profile()), gone(life(DAYS), instant(20, 10), instant(24, 12)))
    away = [one for one in answers if instant(22, 0) <= one.at.timestamp() < instant(24, 12)]
    assert {one.state for one in away} == {State.BLIND}
    back = [one for one in answers if one.at.timestamp() >= instant(24, 12)]
    assert back[0].state == State.NORMAL


def test_where_no_outer_door_is_heard_the_operator_is_told_that_they_may_be_out() -> None:
    t = instant(25, 13)
    quiet = also(nobody_stirs(life(DAYS), t - 60, until=t + 12 * 3600), event("lounge-pir", t))
    doorless = when(quiet, lambda one: one.place != "front_door")
    told, untold = (
        [one for one in raised(said(NoMovement(profile()), events)) if one.at > at(t)][-1]
        for events in (doorless, quiet)
    )
    assert any("gone out unseen" in sentence for sentence in told.excluded)
    assert not any("gone out unseen" in sentence for sentence in untold.excluded)


def test_one_long_outage_does_not_teach_it_that_such_silences_are_usual() -> None:
    t = instant(25, 10)
    quiet_day = when(
        life(DAYS), lambda one: not instant(12, 9) < one.at.timestamp() < instant(13, 9)
    )
    before = when(quiet_day, lambda one: one.at < at(t))
    answers = said(NoMovement(profile()), before, until=t + 24 * 3600)
    assert [one for one in raised(answers) if one.at.timestamp() > t]
