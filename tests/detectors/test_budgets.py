"""A home's own budget: what is set, what is on record and what was recorded, and why in words."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from contract import Assessment, Condition, Outcome, SensorEvent, State
from detectors.budgets import BUDGETS, Allowance, budget, reasons
from detectors.conformance.checks import goes_on_from_any_snapshot
from detectors.feedback import Recorded
from detectors.possible_fall import PossibleFall
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Detector
from detectors.risk import RiskProfile
from detectors.sensor_silent import SensorSilent
from detectors.uti_risk import UtiRisk
from tests.detectors.people import alone, day_of, instant, life, more_bathroom, raised, said

DAY = date(2026, 5, 20)
FALSE_ALARM = Recorded(
    condition=Condition.UTI_RISK, outcome=Outcome.FALSE_ALARM, on=date(2026, 5, 3)
)
SICK = range(20, 26)


def false_alarms(on: date) -> tuple[Recorded, ...]:
    """Three of them on one day."""
    return (Recorded(condition=Condition.UTI_RISK, outcome=Outcome.FALSE_ALARM, on=on),) * 3


LIVES = range(2, 6)
"""Of those who fall ill."""


def ill(seed: int = 2, a_day: int = 7) -> list[SensorEvent]:
    return more_bathroom(life(30, seed), SICK, a_day=a_day, a_night=2)


def first_raises(**changes: object) -> list[float]:
    """When the alert of each life is raised; never is infinity."""
    found = (raised(said(UtiRisk(alone(**changes)), ill(seed))) for seed in LIVES)
    return [some[0].at.timestamp() if some else NEVER for some in found]


@pytest.mark.parametrize("condition", BUDGETS)
def test_a_home_of_which_nothing_is_known_has_the_default(condition: str) -> None:
    assert budget(condition, HomeProfile(home="h1"), DAY.toordinal()) == BUDGETS[condition]
    assert reasons(condition, HomeProfile(home="h1"), DAY.toordinal()) == []


def test_the_centres_own_budget_is_what_risk_and_feedback_multiply() -> None:
    home = HomeProfile(
        home="h1",
        budget={"uti_risk": 0.1},
        risk=RiskProfile(earlier_uti=True),
        outcomes=(FALSE_ALARM,),
    )
    assert budget("uti_risk", home) == pytest.approx(0.1 * 3.4**0.5)
    on_the_day = budget("uti_risk", home, FALSE_ALARM.on.toordinal())
    assert on_the_day == pytest.approx(0.1 * 3.4**0.5 * 0.75)
    assert Allowance("uti_risk", home).on(FALSE_ALARM.on.toordinal()) == on_the_day
    assert reasons("uti_risk", home, DAY.toordinal()) == [
        "Alerts sooner than usual: an earlier infection of the urinary tract.",
        "Alerts later than usual: staff recorded a false alarm, on 3 May 2026.",
    ]


def test_an_answer_of_an_ordinary_home_is_not_touched() -> None:
    answer = Assessment(
        home="h1", condition="uti_risk", at=datetime(2026, 5, 20, tzinfo=UTC), state="raised"
    )
    assert Allowance("uti_risk", HomeProfile(home="h1")).told(answer, DAY.toordinal()) is answer


def test_an_earlier_infection_brings_alerts_forward_and_they_say_so() -> None:
    usual, sooner = first_raises(), first_raises(risk=RiskProfile(earlier_uti=True))
    assert all(ours <= theirs for ours, theirs in zip(sooner, usual, strict=True))
    assert sum(sooner) < sum(usual)
    answers = said(UtiRisk(alone(risk=RiskProfile(earlier_uti=True))), ill())
    assert "earlier infection" in raised(answers)[0].excluded[0]


def test_false_alarms_put_alerts_off_and_they_say_so() -> None:
    usual, later = first_raises(), first_raises(outcomes=false_alarms(date(2025, 3, 10)))
    assert all(ours >= theirs for ours, theirs in zip(later, usual, strict=True))
    assert later != usual
    answers = said(UtiRisk(alone(outcomes=false_alarms(date(2025, 3, 10)))), ill(a_day=24))
    assert "3 false alarms" in raised(answers)[0].excluded[0]


def test_what_was_said_before_staff_recorded_anything_stays_said() -> None:
    recorded_on = date(2025, 3, 18)
    before = said(UtiRisk(alone()), ill())
    after = said(UtiRisk(alone(outcomes=false_alarms(recorded_on))), ill())
    earlier = [one for one in before if one.at.date() < recorded_on]
    assert len(earlier) > 20
    assert after[: len(earlier)] == earlier
    assert after != before


def test_with_a_catheter_toileting_is_never_judged_and_never_learned() -> None:
    answers = said(UtiRisk(alone(risk=RiskProfile(catheter=True))), ill())
    assert {answer.state for answer in answers} == {State.BLIND}
    assert all("catheter" in answer.reason for answer in answers)


def test_once_a_catheter_is_gone_toileting_is_learned_before_it_is_judged() -> None:
    events = life(30)
    with_it, without = (
        UtiRisk(alone(risk=RiskProfile(catheter=catheter))) for catheter in (True, False)
    )
    gone_on = instant(14, 10)
    said(with_it, [one for one in events if one.at.timestamp() < gone_on])
    without.restore(with_it.snapshot())
    after = said(without, [one for one in events if one.at.timestamp() >= gone_on])
    assert {State.LEARNING} == {one.state for one in after if day_of(one) < 18}
    assert State.NORMAL in {one.state for one in after if day_of(one) > 20}


def test_a_fluid_limit_stands_beside_the_suggestion_to_drink() -> None:
    answers = said(UtiRisk(alone(risk=RiskProfile(fluid_limit=True))), ill(a_day=14))
    assert "fluid limit" in raised(answers)[0].prompt


@pytest.mark.parametrize("make", [UtiRisk, PossibleFall, SensorSilent])
def test_a_restart_changes_nothing_in_a_home_with_everything_on_record(
    make: type[UtiRisk | PossibleFall | SensorSilent],
) -> None:
    outcomes = tuple(
        Recorded(condition=Condition(make.condition), outcome=Outcome.FALSE_ALARM, on=day)
        for day in (date(2025, 2, 10), date(2025, 3, 12))
    )
    risk = RiskProfile(age="80_or_more", sex="female", earlier_uti=True, earlier_falls=True)

    def known(profile: HomeProfile) -> Detector:
        return make(msgspec.structs.replace(profile, risk=risk, outcomes=outcomes))

    goes_on_from_any_snapshot(known)
