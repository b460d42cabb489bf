"""What a hub drops can be looked up: all that is counted has its row, and no row is made up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from contract import Quality
from gateway.dialects.protocol import Ignored, Why
from gateway.normaliser.appliance import DISAGREES

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "hub.md").read_text("utf-8")

# A name that is worked out stands here with all that it may come to: a new one must be put here.
WORKED_OUT = {
    "qualified.quality": {str(one) for one in Quality if one != Quality.OK},
    "told.note": {DISAGREES},
    "f'refused_{problem.why}'": {f"refused_{why}" for why in Why},
    "f'ignored_{decoded.ignored}'": {f"ignored_{why}" for why in Ignored},
    "f'detector_failed_{fault.condition}'": {"detector_failed_<condition>"},
}
NOT_COUNTERS = {"gateway/toml_file.py"}


def counted() -> set[str]:
    """Every name under which the code counts."""
    found: set[str] = set()
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        if str(path.relative_to(ROOT)) in NOT_COUNTERS:
            continue
        for index in indices(ast.parse(path.read_text("utf-8"))):
            if isinstance(index, ast.Constant):
                found.add(str(index.value))
            else:
                found |= WORKED_OUT[ast.unparse(index)]
    return found


def indices(tree: ast.AST) -> Iterator[ast.expr]:
    """Of each assignment to `...counts[index]`."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Subscript) and name_of(target.value).endswith("counts"):
                yield target.slice


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def in_the_manual() -> set[str]:
    """The names in the first column of the table of counters."""
    section = MANUAL.split("## What is not used, and where it is counted")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_name_that_is_counted_has_its_row_and_every_row_is_counted() -> None:
    assert len(counted()) > 25
    assert in_the_manual() == counted()
