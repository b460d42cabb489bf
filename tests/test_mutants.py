"""The score of planted faults flatters nobody: only what a test noticed is counted so."""

import runpy
from collections import Counter
from pathlib import Path

import pytest

_TOOL = runpy.run_path(str(Path(__file__).parents[1] / "tools" / "mutants.py"))


@pytest.mark.parametrize("code", [None, 2, 34, 35, 77, 255, -2, -15])
def test_a_fault_whose_tests_were_interrupted_is_not_held_to_be_noticed(code: int | None) -> None:
    assert _TOOL["fate"]("gateway/any", "any", code) == "not tried"


@pytest.mark.parametrize("code", [1, 3, 24, -24, 36, 152, -9, -11])
def test_a_fault_at_which_a_test_failed_hung_or_crashed_is_noticed(code: int) -> None:
    assert _TOOL["fate"]("gateway/any", "any", code) == "noticed"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ('"select a from b"', '"SELECT A FROM B"', True),
        ("\"insert into b values (1, '')\"", "\"INSERT INTO B VALUES (1, '')\"", True),
        ("\"select a from b where c = 'd'\"", "\"SELECT A FROM B WHERE C = 'D'\"", False),
        ('"select a from b"', '"XXselect a from bXX"', False),
        ('"Is the disk full?"', '"IS THE DISK FULL?"', False),
    ],
)
def test_only_capitals_of_sql_itself_change_nothing(before: str, after: str, same: bool) -> None:
    assert _TOOL["is_same"]([f"-{before}", f"+{after}"]) is same


def test_a_score_of_a_part_alone_says_how_far_it_can_be_trusted() -> None:
    row = _TOOL["row"]
    assert row("all", Counter({"noticed": 90, "unnoticed": 10})).startswith("| all | 90.0 % | 90 |")
    part = row("part", Counter({"noticed": 90, "unnoticed": 10, "not tried": 1}))
    assert part.startswith("| part | 90.0 % (83 to 94) | 90 |")
    assert row("none", Counter({"not tried": 5})).startswith("| none | - | 0 |")


@pytest.mark.parametrize(("hits", "tries"), [(0, 1), (1, 1), (3, 7), (500, 500)])
def test_bounds_lie_about_the_share_and_within_what_can_be(hits: int, tries: int) -> None:
    low, high = _TOOL["bounds"](hits, tries)
    slack = 1e-9
    assert -slack <= low <= hits / tries + slack
    assert hits / tries - slack <= high <= 1 + slack
