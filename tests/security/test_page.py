"""The threat model promises nothing that is not there: each test, each file, each letter."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
INTERFACES = re.findall(r"^## (\d+\. .+)$", PAGE, re.MULTILINE)


def rows(interface: str) -> list[list[str]]:
    """The cells of an interface's table, without its heading."""
    part = PAGE.partition(f"## {interface}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


@cache
def named_in(file: str) -> frozenset[str]:
    path = ROOT / "tests" / file
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.parse("")
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, kinds))


def test_every_interface_is_numbered_as_in_the_picture() -> None:
    assert [one.partition(".")[0] for one in INTERFACES] == [f"{n}" for n in range(1, 16)]
    picture = PAGE.partition("```mermaid")[2].partition("```")[0]
    assert {f"{n}" for n in range(1, 16)} <= set(re.findall(r"\d+", picture))


@pytest.mark.parametrize("interface", INTERFACES)
def test_no_threat_is_left_without_a_test_or_a_reason(interface: str) -> None:
    table = rows(interface)
    assert {row[0] for row in table} == set("STRIDE")
    for row in table:
        assert len(row) == 4, row
        assert all(row), row
        named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", row[3])
        assert named or re.match(r"accepted: \w.{15}", row[3]), row
        for file, test in named:
            assert test in named_in(file), f"{file}::{test}"


def test_every_file_that_is_said_to_meet_a_threat_is_there() -> None:
    said = {
        one
        for interface in INTERFACES
        for row in rows(interface)
        for one in re.findall(r"`([\w.-]+(?:/[\w.-]+)+)`", row[2])
    }
    assert len(said) > 30
    assert sorted(one for one in said if not (ROOT / one).exists()) == []
