"""Words of the console: no alert stands before an operator as a word of the program."""

import pytest

from api.console.text import catalogue
from contract import Condition


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_has_a_title_and_an_advice(condition: Condition) -> None:
    assert catalogue().has(f"condition.{condition}.title")
    assert catalogue().has(f"condition.{condition}.advice")
