"""What staff know of a home: nobody is alerted through it, and what was usual is learned anew."""

from datetime import date, timedelta

import msgspec
import pytest

from contract import State
from detectors.conformance.lifelike import profile
from detectors.features.places import EXITS
from detectors.home_context import Known, Situation, anew, elsewhere, not_alone, not_whole
from detectors.no_movement import NoMovement
from detectors.profile import HomeProfile
from detectors.uti_risk import UtiRisk
from tests.detectors.people import (
    at,
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

MAY = date(2026, 5, 3)
ILL = range(30, 36)


def on(day: int) -> date:
    """The date of a day of a made-up life."""
    return at(instant(day, 12)).date()


def home(*known: Known) -> HomeProfile:
    return msgspec.structs.replace(profile(), context=known)


def during(situation: Situation, first: int, last: int | None) -> Known:
    until = None if last is None else on(last)
    return Known(situation=situation, since=on(first), until=until)


def test_what_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before since"):
        Known(situation=Situation.AWAY, since=MAY, until=MAY - timedelta(days=1))


def test_it_holds_from_its_first_day_to_its_last() -> None:
    stay = (Known(situation=Situation.HOSPITAL, since=MAY, until=MAY + timedelta(days=2)),)
    first = MAY.toordinal()
    assert [bool(elsewhere(stay, first + n)) for n in (-1, 0, 2, 3)] == [False, True, True, False]
    assert elsewhere(stay, first) == ("In hospital since 3 May until 5 May, as recorded by staff.")


def test_visitors_are_not_an_absence_but_hide_the_routine() -> None:
    visit = (Known(situation=Situation.VISITORS, since=MAY),)
    assert not elsewhere(visit, MAY.toordinal())
    assert not_alone(visit, MAY.toordinal() + 400)


def test_what_is_usual_is_learned_anew_when_somebody_moves_in_and_out() -> None:
    lodger = (Known(situation=Situation.SECOND_RESIDENT, since=MAY, until=MAY),)
    assert [anew(lodger, MAY.toordinal() + n) for n in (-1, 0, 1, 2)] == [False, True, True, False]


def test_a_guest_who_uses_the_bathroom_is_no_illness_once_staff_know_of_them() -> None:
    events = more_bathroom(life(45), ILL, a_day=14, a_night=3)
    known = home(during(Situation.VISITORS, ILL.start, ILL.stop - 1))
    answers = said(UtiRisk(known), events)
    assert not [one for one in raised(answers) if day_of(one) >= ILL.start]
    assert states_on(answers, ILL.start + 2) == {State.BLIND}
    assert raised(said(UtiRisk(profile()), events))  # without their knowing it is told


def test_a_lodger_becomes_the_usual_instead_of_an_alert() -> None:
    events = more_bathroom(life(60), range(30, 60), a_day=14, a_night=3)
    answers = said(UtiRisk(home(during(Situation.SECOND_RESIDENT, 30, None))), events)
    assert State.LEARNING in states_on(answers, 32)
    assert not [one for one in raised(answers) if day_of(one) >= 30]
    assert State.NORMAL in states_on(answers, 50)


def test_nobody_is_missed_in_a_home_from_which_staff_know_them_away() -> None:
    events = gone(life(40), instant(25, 14), instant(35, 15))
    indoors = when(events, lambda one: one.place not in EXITS)
    missed = [one for one in raised(said(NoMovement(profile()), indoors)) if day_of(one) >= 25]
    assert missed
    known = home(during(Situation.HOSPITAL, 25, 34))
    answers = said(NoMovement(known), indoors)
    assert not [one for one in raised(answers) if 25 <= day_of(one) < 35]
    assert any("In hospital" in one.reason for one in answers if day_of(one) == 27)


def test_an_alert_says_which_days_were_not_counted() -> None:
    events = more_bathroom(gone(life(45), instant(28, 9), instant(29, 9)), ILL, a_day=14, a_night=3)
    alerts = raised(said(UtiRisk(profile()), events))
    alert = next(one for one in alerts if day_of(one) >= ILL.start)
    assert any(sentence.startswith("Not counted, ") for sentence in alert.excluded)


def test_a_paused_day_is_not_held_against_others_but_minutes_are_judged_again() -> None:
    paused = (Known(situation=Situation.PAUSED, since=MAY, until=MAY),)
    day = MAY.toordinal()
    assert not_whole(paused, day) == (
        "Recording was paused for a time since 3 May until 3 May, as recorded by staff."
    )
    assert not_alone(paused, day) == ""
    assert elsewhere(paused, day) == ""
    assert not_whole(paused, day + 1) == ""
