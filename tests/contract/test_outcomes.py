"""One table says what outcomes mean; what hubs make of them must be what it says."""

from datetime import date
from pathlib import Path

import pytest

from contract import SEVERITY, Condition, Outcome
from contract.outcomes import OUTCOMES, Teaching
from detectors.feedback import Recorded, factor

_FROM = date(2026, 3, 10)


def test_every_code_has_its_meaning() -> None:
    assert list(OUTCOMES) == list(Outcome)
    assert all(one.means.endswith(".") for one in OUTCOMES.values())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_detectors_learn_from_a_code_what_the_table_says(outcome: Outcome) -> None:
    for condition in Condition:
        heard = Recorded(condition=condition, outcome=outcome, on=_FROM)
        change = factor(condition, [heard], _FROM.toordinal())
        learned = {
            Teaching.SOONER: change > 1, Teaching.LATER: change < 1, Teaching.NOTHING: change == 1,
        }  # fmt: skip
        assert learned[OUTCOMES[outcome].teaches(SEVERITY[condition])], condition


def test_the_page_about_responses_has_the_table_as_it_is() -> None:
    page = Path("docs/response.md").read_text("utf-8")
    for one in OUTCOMES.values():
        line = f"| `{one.code}` | {one.means} | {one.of_person} | {one.of_equipment} |"
        assert line in page
