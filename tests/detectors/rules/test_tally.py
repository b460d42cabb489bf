"""What should have happened by a time: told once, and never of somebody who was not there."""

import pytest

from contract import State
from detectors.rules.no_movement_by import NoMovementBy
from detectors.rules.no_use import NoUse
from tests.detectors.rules.houses import days, happens, instant, said, told

KETTLE = NoUse(name="kettle by ten", by="10:00")
UP = NoMovementBy(name="up by nine", by="09:00")
MORNING = "07:00 bedroom, 07:10 hallway, 07:20 kitchen, 07:30 kettle, 13:00 kitchen, 22:00 bedroom"
DRY = "07:00 bedroom, 07:20 kitchen, 08:00 lounge, 09:30 kitchen"


def test_a_kettle_that_is_not_used_by_ten_is_told_at_ten_and_until_it_is() -> None:
    answers = said(KETTLE, [*days(MORNING, 3), *happens(DRY + ", 11:15 kettle", 3)])
    assert told(answers) == [("3 10:00", "raised"), ("3 11:15", "over")]
    raised = next(one for one in answers if one.state == State.RAISED)
    assert raised.subject == "kettle by ten"
    assert raised.text == "The kettle has not been used between 04:00 and 10:00."
    assert (raised.evidence[0].value, raised.evidence[0].low) == (0.0, 1.0)
    assert raised.evidence[0].usual is not None
    assert [day.value for day in raised.evidence[0].days] == [1, 1, 0]


def test_three_dry_mornings_are_one_alert_not_three() -> None:
    events = [*days(MORNING, 3), *(e for day in (3, 4, 5) for e in happens(DRY, day))]
    assert told(said(KETTLE, events, instant("12:00", 5))) == [("3 10:00", "raised")]


@pytest.mark.parametrize(
    ("morning", "why"),
    [
        ("12:00 kitchen", "Nobody was seen at home by 10:00."),
        ("07:00 front_door", "Nobody was seen at home by 10:00."),
        ("07:00 kitchen, 08:30 front_door", "Nobody seen since the front door at 08:30"),
    ],
)
def test_nobody_is_asked_for_a_drink_who_was_not_at_home(morning: str, why: str) -> None:
    answers = said(KETTLE, [*days(MORNING, 3), *happens(morning, 3)], instant("11:00", 3))
    assert told(answers) == []
    blind = [one for one in answers if one.state == State.BLIND and one.at.timestamp() >= 1]
    assert blind[-1].reason.startswith(why)


def test_a_week_away_is_no_week_without_tea() -> None:
    events = [*days(MORNING, 3), *happens("09:00 front_door", 3), *happens(MORNING, 11)]
    assert told(said(KETTLE, events, instant("23:00", 11))) == []


def test_a_kettle_that_was_never_heard_is_named_instead_of_the_person() -> None:
    answers = said(KETTLE, days(DRY, 5), instant("12:00", 5))
    assert {one.state for one in answers} == {State.BLIND}
    assert answers[-1].reason == "No sensor has been heard at the kettle yet."


def test_a_plug_that_is_silent_or_offline_ends_in_doubt_not_in_alarm() -> None:
    events = [*days(MORNING, 3), *(e for day in range(3, 9) for e in happens(DRY, day))]
    answers = said(KETTLE, events, instant("12:00", 8))
    assert answers[-1].state == State.BLIND
    assert "said nothing for" in answers[-1].reason
    offline = [*days(MORNING, 3), *happens("01:00 kettle 0 link," + DRY, 3)]
    answers = said(KETTLE, offline, instant("12:00", 3))
    assert told(answers) == []
    assert answers[-1].reason == "The sensor at the kettle reports that it is offline."


def test_a_hub_that_starts_after_breakfast_does_not_miss_the_breakfast() -> None:
    answers = said(KETTLE, happens("09:00 kitchen, 09:10 kettle, 09:30 lounge"), instant("15:00"))
    assert {one.state for one in answers} == {State.BLIND, State.LEARNING}


def test_only_the_days_of_the_week_that_were_asked_for_count() -> None:
    weekend = NoUse(name="weekend", by="10:00", weekdays=("sat", "sun"))
    events = [*days(MORNING, 1), *(e for day in range(1, 7) for e in happens(DRY, day))]
    beans = [e for day in range(1, 5) for e in happens("15:00 kettle", day)]  # so that it is heard
    assert told(said(weekend, [*events, *beans], instant("12:00", 6))) == [("5 10:00", "raised")]


def test_on_the_day_the_clocks_change_ten_is_ten() -> None:
    events = [*days(MORNING, 26), *happens(DRY, 26), *happens("10:30 kettle", 26)]
    found = told(said(KETTLE, events, instant("12:00", 26)))  # 2025-03-29
    assert found == [("26 10:00", "raised"), ("26 10:30", "over")]
    events = [*days(MORNING, 27), *happens(DRY + ", 10:30 kettle", 27)]
    found = told(said(KETTLE, events, instant("12:00", 27)))  # 2025-03-30, a day of 23 hours
    assert found == [("27 10:00", "raised"), ("27 10:30", "over")]


def test_hours_that_the_spring_leaves_out_are_no_missed_hours() -> None:
    rule = NoUse(name="early", since="01:10", by="01:50")
    events = days("01:20 kettle, 01:30 kitchen, 12:00 kitchen", 29)
    events = [one for one in events if one.at.date().isoformat() != "2025-03-30"]
    assert told(said(rule, events, instant("00:30", 28))) == []


def test_who_does_not_stir_by_nine_is_told_until_somebody_stirs() -> None:
    events = [*days(MORNING, 3), *happens("10:20 bedroom", 3)]
    assert told(said(UP, events)) == [("3 09:00", "raised"), ("3 10:20", "over")]


def test_who_left_by_the_door_the_evening_before_is_not_missed_in_the_morning() -> None:
    events = [*days(MORNING, 3), *happens("23:00 front_door", 2)]
    answers = said(UP, events, instant("12:00", 3))
    assert told(answers) == []
    assert answers[-1].reason == "Nobody seen since the front door at 23:00; probably out."


def test_without_anything_that_sees_movement_nobody_is_missed() -> None:
    answers = said(UP, days("12:00 kettle", 3), instant("12:00", 3))
    assert {one.state for one in answers} == {State.BLIND}


@pytest.mark.parametrize("kind", [NoUse, NoMovementBy])
def test_hours_that_are_none_are_refused_with_what_is_allowed(kind: type[NoUse]) -> None:
    with pytest.raises(ValueError, match="allowed is a time before by = 09:00"):
        kind(name="x", since="10:00", by="09:00")
