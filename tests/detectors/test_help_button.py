"""The help button: a press is an alert within the same moment, whatever else goes on."""

import msgspec
import pytest

from contract import Condition, SensorEvent, State
from detectors.conformance.lifelike import event, profile
from detectors.help_button import ANEW_S, BORNE_OUT_S, HELD_S, LISTENS_AFTER_S, HelpButton
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.snapshots import freeze
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
    assert 0 <= later[0].at.timestamp() - T - HELD_S < BORNE_OUT_S
    assert (later[0].state, "twelve hours" in later[0].reason) == (State.NORMAL, True)


@pytest.mark.parametrize("apart", [1, ANEW_S - 1, ANEW_S])
def test_who_presses_while_waiting_for_help_makes_no_second_call(apart: float) -> None:
    answers = said(HelpButton(profile()), [event("pendant", T), event("pendant", T + apart)])
    assert [one.state for one in answers] == [State.RAISED, State.RAISED]


def test_who_was_helped_and_presses_again_calls_anew() -> None:
    again = [event("pendant", T + n * (ANEW_S + 1)) for n in range(3)]
    answers = said(HelpButton(profile()), again)
    assert [one.state for one in answers] == [
        State.RAISED, State.NORMAL, State.RAISED, State.NORMAL, State.RAISED,
    ]  # fmt: skip
    assert "pressed anew" in answers[1].reason
    assert "again at the pendant" in answers[2].text
    assert answers[2].evidence[0].value == 1


def test_presses_that_count_at_one_moment_are_told_apart_by_their_own_times() -> None:
    """Behind a clock that stood ahead event time stands still for as long."""
    button = HelpButton(profile())
    button.observe_call(*late(T + 9e6, T, quality="clock_unsure"))
    answers = button.observe_call(*late(T + 9e6 + 1, T + 3 * 3600, quality="clock_unsure"))
    assert [one.state for one in answers] == [State.NORMAL, State.RAISED]


@pytest.mark.parametrize("leaps", [1, 5, HELD_S / BORNE_OUT_S - 1])
def test_a_clock_that_leaps_ahead_lets_no_call_go(leaps: int) -> None:
    words = [event("hallway-pir", T + 61 + n * 13 * 3600.0) for n in range(int(leaps) + 1)]
    answers = said(HelpButton(profile()), [event("pendant", T), *words])
    assert {one.state for one in answers} == {State.RAISED}


def test_a_call_of_an_older_version_goes_on_and_can_still_end() -> None:
    class Old(msgspec.Struct):
        fitted: bool = True
        place: str = "pendant"
        first: float | None = T
        last: float = T
        presses: int = 1
        pressed: float = T
        remark: str = ""
        day_ends: float = LONDON.at(LONDON.moment(T).day, 24)

    button = HelpButton(profile())
    button.migrate(1, freeze(Old()))
    assert button.due() == T + LISTENS_AFTER_S
    (again,) = button.observe(event("pendant", T + 60), LONDON.moment(T + 60))
    assert again.evidence[0].value == 2
    with pytest.raises(ValueError, match="version 7"):
        button.migrate(7, freeze(Old()))


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
