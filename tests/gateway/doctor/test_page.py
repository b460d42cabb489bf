"""Whatever doctor says can be looked up: each check stands in the manual, and none is made up."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from detectors.battery_low import LOW
from gateway.doctor.machine import FULL, HOT, NEARLY_FULL, NEARLY_HOT, SHORT_OF_MEMORY
from gateway.doctor.sensors import SILENT_S
from gateway.watch.unsteady import MANY, WITHIN_S
from tests.support.manual import MANUAL, under

ROOT = Path(__file__).parents[3]
CODE = [*sorted((ROOT / "gateway/doctor").glob("*.py")), ROOT / "gateway/commands/doctor.py"]
STATES = ("ok", "note", "wrong", "skipped")

# A name that is worked out stands here with how the page has it: a new one must be put here.
WORKED_OUT = {"check": "sensor ...", "f'times of {alert.subject}'": "times of ..."}


def said() -> dict[str, set[str]]:
    """Each check that the code can tell of, and how serious that may be."""
    found = defaultdict[str, set[str]](set)
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in STATES and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found[str(first.value)].add(node.func.id)
                else:
                    found[WORKED_OUT[ast.unparse(first)]].add(node.func.id)
    return found


def rows() -> list[tuple[list[str], str, str]]:
    """Of each row of the page the checks, where they are wrong, and where that is a note."""
    lines = [one for one in under("## Doctor").splitlines() if one.startswith("| `")]
    cells = [[cell.strip() for cell in one.strip("|").split("|")] for one in lines]
    return [(re.findall("`(.+?)`", name), wrong, note) for name, wrong, note in cells]


def test_every_check_of_the_doctor_stands_once_on_its_page_and_none_besides() -> None:
    listed = [name for names, _, _ in rows() for name in names]
    assert sorted(listed) == sorted(said())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][0])
def test_the_page_says_where_each_is_wrong_or_a_note(row: tuple[list[str], str, str]) -> None:
    names, wrong, note = row
    states = set[str]().union(*(said()[name] for name in names))
    assert (bool(wrong), bool(note)) == ("wrong" in states, "note" in states)


def test_the_figures_on_the_page_are_those_of_the_code() -> None:
    page = under("## Doctor")
    assert f"less than {FULL / 1e6:.0f} MB are free | less than {NEARLY_FULL / 1e9:.0f} GB" in page
    assert f"less than {SHORT_OF_MEMORY / 2**20:.0f} MiB are left; {HOT:.0f} degrees" in page
    assert f"{NEARLY_HOT:.0f} degrees or more" in page
    assert f"silent for {SILENT_S / 3600:.0f} hours" in page
    assert f"battery below {LOW:.0f} %" in page
    assert (MANY, WITHIN_S) == (6, 600)
    assert "lost six times within ten minutes" in MANUAL
