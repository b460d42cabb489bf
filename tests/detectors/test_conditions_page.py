"""The page of conditions is whole and true: who fits a hub can read what it will tell."""

from pathlib import Path

import pytest

from contract import SEVERITY, Condition
from detectors.budgets import BUDGETS

PAGE = (Path(__file__).parents[2] / "docs" / "conditions.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("| ").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_is_explained_with_its_severity_and_budget(condition: Condition) -> None:
    row = next((row for row in ROWS if row[0] == f"`{condition}`"), None)
    assert row is not None
    assert row[1] == SEVERITY[condition]
    assert row[2] == (f"{BUDGETS[condition]:g}" if condition in BUDGETS else "")


def test_no_condition_is_explained_that_there_is_not() -> None:
    assert {row[0].strip("`") for row in ROWS} == set(Condition)
