"""Learning: the boldest caution that keeps each budget, and nothing bolder."""

from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import HOME, lifelike_home
from detectors.models.change import DAYS_A_MONTH
from detectors.parameters import Usual
from simulator.evaluation.learning import (
    BEFORE,
    CAUTIONS,
    STEPS,
    Rates,
    Steps,
    at_steps,
    boldest,
    in_general,
    rates_of,
    usual_of,
)


def test_every_condition_that_has_a_budget_is_learned() -> None:
    assert set(CAUTIONS) <= set(BUDGETS)
    assert all(len(steps) == STEPS and list(steps) == sorted(steps) for steps in CAUTIONS.values())


def test_the_first_step_within_the_budget_is_taken() -> None:
    keeps = {condition: number * 2 for number, condition in enumerate(CAUTIONS)}

    def rates(steps: Steps) -> list[Rates]:
        return [
            {
                condition: (0 if step >= keeps[condition] else 100, round(DAYS_A_MONTH))
                for condition, step in steps.items()
            }
        ]

    assert boldest(rates) == keeps


def test_what_never_keeps_its_budget_gets_the_greatest_caution() -> None:
    steps = boldest(lambda steps: [dict.fromkeys(steps, (1000, 30))])
    assert set(steps.values()) == {STEPS - 1}
    assert at_steps(steps, BEFORE.usual).caution["uti_risk"] == CAUTIONS["uti_risk"][-1]


def test_what_is_usual_is_the_home_in_the_middle() -> None:
    homes = [{"kettle_uses": Usual(level, 1.0)} for level in (2.0, 5.0, 90.0)]
    found = in_general(homes)
    assert found["kettle_uses"] == Usual(5.0, 1.0)
    assert found["gait_speed"] == BEFORE.usual["gait_speed"]


def test_a_home_tells_what_is_usual_in_it() -> None:
    events = list(lifelike_home(30))
    usual = usual_of(HOME, events)
    assert 8 < usual["bathroom_visits_day"].level < 20
    rates = rates_of(HOME, events, [], BEFORE.usual, dict.fromkeys(CAUTIONS, STEPS - 1))
    assert rates["uti_risk"][1] > 20
