"""The help button: a press is an alert within the same moment, whatever else goes on."""

import msgspec

from contract import Condition, SensorEvent, State
from detectors.conformance.lifelike import event, profile
from detectors.help_button import HELD_S, HelpButton
from detectors.moment import Moment
from detectors.profile import HomeProfile
from tests.detectors.people import LONDON, also, at, instant, life, raised, said

T = instant(5, 3.25)


def test_a_press_is_told_at_the_same_instant_from_the_first_day_on() -> None:
    alert = raised(said(HelpButton(profile()), [event("pendant", T)]))[0]
    assert (alert.at, alert.condition) == (at(T), Condition.HELP_BUTTON)
    assert "pendant" in alert.text
    assert "Call" in alert.prompt


def test_a_second_press_is_told_as_more_of_the_same_call() -> None:
    answers = said(HelpButton(profile()), [event("pendant", T), event("pendant", T + 20)])
    assert [one.evidence[0].value for one in answers] == [1, 2]
    assert len(raised(answers)) == 1


def test_a_call_that_is_cancelled_is_cleared() -> None:
    answers = said(HelpButton(profile()), [event("pendant", T), event("pendant", T + 30, 0.0)])
    assert [one.state for one in answers] == [State.RAISED, State.NORMAL]


def test_a_call_stands_through_the_day_and_is_let_go_in_the_end() -> None:
    events = also(life(8), event("pendant", T))
    later = [o for o in said(HelpButton(profile()), events) if o.at.timestamp() > T]
    assert later[0].at == at(T + HELD_S)
    assert later[0].state == State.NORMAL


def test_a_home_without_a_button_is_not_said_to_be_covered() -> None:
    answers = said(HelpButton(HomeProfile(home="lifelike")), life(3))
    assert {one.state for one in answers} == {State.BLIND}


def late(
    moment: float, made: float, value: float = 1.0, quality: str = "late"
) -> tuple[SensorEvent, Moment]:
    """A word of a button that was made then and counts at a later moment."""
    told = msgspec.structs.replace(
        event("pendant", made, value), quality=quality, counts_at=at(moment)
    )
    return told, LONDON.moment(moment)


def test_a_call_that_was_taken_back_late_leaves_the_newer_call_standing() -> None:
    button = HelpButton(profile())
    assert raised(button.observe(event("pendant", T), LONDON.moment(T)))
    assert button.observe_call(*late(T + 60, T - 300, 0.0)) == []
    (taken_back,) = button.observe_call(*late(T + 90, T + 10, 0.0))
    assert taken_back.state == State.NORMAL


def test_two_late_calls_are_told_as_two_and_one_heard_twice_as_one() -> None:
    button = HelpButton(profile())
    button.observe_call(*late(T, T - 600))
    assert button.observe_call(*late(T + 1, T - 600)) == []
    (answer,) = button.observe_call(*late(T + 2, T - 500))
    assert answer.evidence[0].value == 2


def test_a_late_call_is_the_first_thing_ever_heard_and_the_day_is_judged_all_the_same() -> None:
    button = HelpButton(HomeProfile(home="lifelike"))
    assert raised(button.observe_call(*late(T, T - 600)))
    assert button.observe_call(*late(T + 5, T, 0.0))
    assert button.due() == LONDON.at(LONDON.moment(T).day, 24)


def test_a_call_in_time_after_a_late_one_says_nothing_of_lateness() -> None:
    button = HelpButton(profile())
    (first,) = button.observe_call(*late(T, T - 600))
    (second,) = button.observe(event("pendant", T + 60), LONDON.moment(T + 60))
    assert "late" in first.text
    assert "late" not in second.text
