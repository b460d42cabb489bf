"""The help button: a press is an alert within the same moment, whatever else goes on."""

from contract import Condition, State
from detectors.conformance.lifelike import event, profile
from detectors.help_button import HELD_S, HelpButton
from detectors.profile import HomeProfile
from tests.detectors.people import also, at, instant, life, raised, said

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
