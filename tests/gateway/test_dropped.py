"""What a hub drops can be looked up: all that is counted has its row, and no row is made up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract import Quality
from gateway.clock.clock import FUTURE_S
from gateway.dialects import esphome, shelly, tasmota, zigbee2mqtt
from gateway.dialects.fields import MOST_PROBLEMS
from gateway.dialects.protocol import Ignored, Why
from gateway.hearing.reader import LARGEST_LIST, LARGEST_PAYLOAD, MOST_STRANGERS
from gateway.journal.intake import PAYLOAD_KEPT
from gateway.journal.set_aside import QUARANTINE_KEPT
from gateway.mqtt.client import MOST_BYTES
from gateway.normaliser.appliance import CUT_SHORT, DISAGREES, GLITCH
from tests.support.manual import under

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dropped.md").read_text("utf-8")

# A name that is worked out stands here with all that it may come to: a new one must be put here.
WORKED_OUT = {
    "qualified.quality": {str(one) for one in Quality if one != Quality.OK},
    "told.note": {CUT_SHORT, DISAGREES, GLITCH},
    "f'refused_{problem.why}'": {f"refused_{why}" for why in Why},
    "f'ignored_{decoded.ignored}'": {f"ignored_{why}" for why in Ignored},
    "f'detector_failed_{fault.condition}'": {"detector_failed_<condition>"},
}
BY_OTHER_MEANS = {"clock_leaps", "journal_rebuilt", "journal_lost", "power_cut", "set_back"}
"""Counted, but not by `counts[name] += 1`."""
NOT_COUNTERS = {"gateway/toml_file.py", "gateway/report/sensor_table.py"}


BROKER = ROOT / "deploy/raspberrypi/root/etc/mosquitto/conf.d/telecare.conf"


def test_after_how_long_the_broker_lets_go_of_a_hub_stands_on_the_page() -> None:
    (days,) = re.findall(r"\npersistent_client_expiration (\d+)d\n", BROKER.read_text("utf-8"))
    assert f"{days} days (`persistent_client_expiration`)" in PAGE


def counted() -> set[str]:
    """Every name under which the code counts."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "gateway").rglob("*.py"))
    found = {name for name in BY_OTHER_MEANS if re.search(rf"\b{name}\b", code)}
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
    section = under("## What is not used, and where it is counted")
    table = section[section.index("| counter") :].split("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_name_that_is_counted_has_its_row_and_every_row_is_counted() -> None:
    assert len(counted()) > 25
    assert in_the_manual() == counted()


def test_the_whole_list_has_each_counter_and_no_other_one() -> None:
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 25
    in_rows = {name for row in rows for name in re.findall(r"`([^`]+)`", row[-2])}
    at_the_end = set(re.findall(r"`([^`]+)`", PAGE.split("Totals:")[1]))
    elsewhere = {"sensor_silent", "$SYS/broker/publish/messages/dropped"}
    assert (in_rows - elsewhere) | at_the_end == counted()
    assert all(row[-2].strip() for row in rows)


def test_the_figures_of_the_list_are_those_of_the_code() -> None:
    assert (
        f"over {LARGEST_PAYLOAD // 1024} KiB; a list of devices over {LARGEST_LIST >> 20} MiB"
        in PAGE
    )
    assert f"while {MOST_BYTES >> 20} MiB wait" in PAGE
    assert f"at most {MOST_STRANGERS} of one message" in PAGE
    assert f"dated over {FUTURE_S / 60:g} minutes ahead" in PAGE
    assert f"the newest {QUARANTINE_KEPT:,} lines" in PAGE
    assert f"all but {PAYLOAD_KEPT} bytes" in PAGE
    assert MOST_PROBLEMS == 8, "and the ninth is the first that is not told"


WORDS = (
    *(zigbee2mqtt._FIELDS, shelly._COMPONENTS, tasmota._ZIGBEE),
    *(esphome._BINARY, esphome._NUMBERS, esphome._BUTTONS),
)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: next(iter(words)))
def test_every_field_that_is_used_is_in_the_manual(words: dict[str, object]) -> None:
    """What is not there is passed over, so whoever misses a reading looks there."""
    section = under("## Dialects")
    unnamed = {"LinkQuality", "bthomedevice"}  # how a device fares, not what it tells
    assert [one for one in words if f"`{one}`" not in section and one not in unnamed] == []
