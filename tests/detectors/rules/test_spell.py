"""What lasts too long: told when the rule says so, once, and over when it is over."""

from contract import State
from detectors.rules.long_stay import LongStay
from detectors.rules.open_door import OpenDoor
from detectors.rules.out_of_bed import OutOfBed
from detectors.rules.unoccupied import Unoccupied
from tests.detectors.rules.houses import days, happens, instant, said, told

BATH = LongStay(name="bathroom", minutes=30, urgent=True)
NIGHT_DOOR = OpenDoor(name="door at night", since="23:00", until="06:00")
DOOR = OpenDoor(name="door left open", minutes=15)
BED = OutOfBed(name="back in bed", minutes=20)
AWAY = Unoccupied(name="not home", hours=4)
MORNING = "07:00 bedroom, 07:10 bathroom, 07:20 kitchen"


def test_a_stay_in_the_bathroom_is_told_after_its_minutes_and_until_they_come_out() -> None:
    events = [*days(MORNING, 2), *happens("12:00 hallway, 12:01 bathroom, 13:10 hallway", 1)]
    answers = said(BATH, events)
    assert told(answers) == [("1 12:31", "raised"), ("1 13:10", "over")]
    raised = [one for one in answers if one.state == State.RAISED]
    assert raised[0].text == (
        "In the bathroom for 30 minutes, since 12:01; the rule allows 30 minutes."
    )
    figure = raised[0].evidence[0]
    assert (figure.value, figure.high, figure.unit) == (30.0, 30.0, "minutes")
    assert figure.days[-1].value == 30.0
    assert (raised[-1].evidence[0].value or 0) > 30  # it is told again while it goes on


def test_moving_about_in_the_bathroom_is_still_the_same_stay() -> None:
    stay = "12:01 bathroom, 12:10 toilet, 12:20 bathroom, 12:30 bathroom, 12:40 hallway"
    found = told(said(BATH, [*happens(MORNING), *happens(stay)]))
    assert found == [("0 12:31", "raised"), ("0 12:40", "over")]


def test_who_lives_with_others_needs_a_presence_sensor_to_be_missed() -> None:
    stay = happens(MORNING + ", 12:01 bathroom, 12:10 lounge, 12:40 lounge")
    answers = said(BATH, stay, instant("00:00", 1), people=2)
    assert answers[-1].reason.startswith("More than one person lives here")
    seen = happens("12:01 bathroom 1 presence, 12:10 lounge, 12:50 bathroom 0 presence")
    found = told(said(BATH, [*happens(MORNING), *seen], people=2))
    assert found == [("0 12:31", "raised"), ("0 12:50", "over")]


def test_without_a_sensor_elsewhere_nobody_is_seen_to_come_out() -> None:
    answers = said(BATH, happens("12:01 bathroom"), instant("18:00"))
    assert told(answers) == []
    assert answers[-1].reason.startswith("No sensor elsewhere has been heard")


def test_the_front_door_at_night_is_told_at_once_and_by_day_not_at_all() -> None:
    events = happens("12:00 front_door, 12:01 front_door 0, 23:30 front_door, 23:40 front_door 0")
    answers = said(NIGHT_DOOR, events)
    assert told(answers) == [("0 23:30", "raised"), ("0 23:40", "over")]
    assert next(o for o in answers if o.state == State.RAISED).text == (
        "The front door was opened at 23:30."
    )


def test_a_door_that_stands_open_as_the_night_begins_is_told_then() -> None:
    events = happens("12:00 front_door, 12:01 front_door 0, 22:30 front_door")
    assert told(said(NIGHT_DOOR, events, instant("23:10"))) == [("0 23:00", "raised")]


def test_a_door_that_never_tells_that_it_was_closed_is_told_for_a_while_and_only_once() -> None:
    events = happens("12:00 front_door, 23:30 front_door, 23:35 front_door")
    found = told(said(NIGHT_DOOR, events, instant("01:00", 1)))
    assert found == [("0 23:30", "raised"), ("1 00:05", "over")]
    raised = [o for o in said(NIGHT_DOOR, events) if o.state == State.RAISED]
    assert {one.evidence[0].value for one in raised} == {0.0}  # nobody knows how long it was open
    answers = said(DOOR, events, instant("01:00", 1))
    assert told(answers) == []
    assert answers[-1].reason == "The front door has not told yet that it was closed."


def test_a_door_left_open_is_told_after_its_minutes_however_often_it_says_so() -> None:
    events = [
        *happens("08:00 front_door, 08:01 front_door 0"),
        *happens("09:00 front_door, 09:10 front_door, 09:20 kitchen, 09:40 front_door 0"),
    ]
    assert told(said(DOOR, events)) == [("0 09:15", "raised"), ("0 09:40", "over")]


def test_who_gets_up_at_night_is_told_only_if_they_do_not_come_back() -> None:
    events = [
        *happens("22:30 bed"),
        *happens("02:00 bed 0, 02:08 bed 1, 03:00 bed 0, 03:40 bed 1, 06:50 bed 0", 1),
    ]
    found = told(said(BED, events, instant("12:00", 1)))
    assert found == [("1 03:20", "raised"), ("1 03:40", "over")]


def test_who_is_up_when_the_night_ends_is_up_for_the_day() -> None:
    events = [*happens("22:30 bed"), *happens("06:30 bed 0", 1)]
    found = told(said(BED, events, instant("12:00", 1)))
    assert found == [("1 06:50", "raised"), ("1 07:00", "over")]


def test_without_a_bed_sensor_the_bedroom_tells_and_an_evening_up_is_not_a_bed_left() -> None:
    evening = happens("21:50 bedroom, 21:52 lounge, 22:30 lounge, 22:40 kitchen, 23:20 bedroom")
    night = happens("02:00 hallway, 02:02 bathroom, 02:10 bedroom, 04:00 hallway, 04:30 lounge", 1)
    found = told(said(BED, [*evening, *night, *happens("04:50 bedroom", 1)]))
    assert found == [("1 04:20", "raised"), ("1 04:50", "over")]


def test_an_empty_home_is_told_after_its_hours_and_until_somebody_is_seen() -> None:
    events = happens("08:00 kitchen, 09:00 hallway, 09:01 front_door, 14:00 front_door")
    answers = said(AWAY, [*events, *happens("14:01 hallway, 14:10 lounge")], instant("23:00"))
    assert told(answers) == [("0 13:01", "raised"), ("0 14:00", "over")]
    assert "at an outer door at 09:01" in next(o for o in answers if o.state == State.RAISED).text


def test_who_sleeps_late_has_not_left() -> None:
    events = happens("08:00 kitchen, 09:01 front_door, 09:40 bedroom, 18:00 lounge")
    assert told(said(AWAY, events, instant("22:30"))) == []


def test_a_sensor_lost_in_the_midst_of_it_is_doubt_and_no_alarm() -> None:
    events = [*happens(MORNING), *happens("12:01 bathroom, 12:10 bathroom 0 link")]
    answers = said(BATH, events, instant("14:00"))
    assert told(answers) == []
    assert answers[-1].reason == "The sensor at the bathroom reports that it is offline."


def test_the_longest_stays_of_the_last_days_stand_beside_what_is_allowed() -> None:
    long = "12:00 bathroom, 12:20 hallway"
    answers = said(BATH, days(f"{MORNING}, {long}", 20), instant("00:00", 20))
    chart = answers[-1].evidence[0].days
    assert len(chart) == 14
    assert {day.value for day in chart} == {20.0}
    assert (answers[-1].evidence[0].usual or 0) > 8


def test_a_dead_bed_mat_or_door_is_named_and_nobody_is_said_to_be_in_order() -> None:
    nights = [*days("07:00 bed 0, 07:10 kitchen, 22:30 bed", 3)]
    silent = [e for day in range(3, 8) for e in happens("07:10 kitchen, 21:00 bedroom", day)]
    answers = said(BED, [*nights, *silent], instant("00:00", 8))
    assert answers[-1].state == State.BLIND
    assert answers[-1].reason.startswith("The sensor at the bed has said nothing for")
    lived = days("07:10 kitchen, 21:00 lounge", 20)
    answers = said(
        AWAY, [*happens("09:00 front_door, 09:10 hallway"), *lived], instant("00:00", 20)
    )
    assert answers[-1].reason.startswith("The sensor at the outer door has said nothing for")


def test_without_a_door_nobody_is_said_to_have_left() -> None:
    answers = said(AWAY, days("07:10 kitchen, 21:00 lounge", 3), instant("00:00", 3))
    assert {one.state for one in answers} == {State.BLIND}
    assert answers[-1].reason == "No sensor has been heard at the outer door yet."
