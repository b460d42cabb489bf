"""The manual of the hub is whole: what may be set, what is counted, what can be asked."""

import ast
import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from contract import HubHealth, MachineHealth, Outcome, Quality, SensorHealth
from detectors.feedback import STEPS, Recorded
from detectors.profile import HomeProfile
from detectors.risk import RATIOS, RiskProfile
from detectors.rules.registry import MOST_RULES, Rule, Rules
from gateway.cli import main
from gateway.dialects.network import Network
from gateway.replay.changes import Changes
from gateway.replay.homes import Profiles
from gateway.settings import Broker, Centre, Clock, Hub, Journal, Metrics, Sensor, Settings, load
from gateway.settings.manual import keys
from tests.support.manual import MANUAL, under

ROOT = Path(__file__).parents[2]
TABLES = (
    Settings,
    Hub,
    Broker,
    Network,
    Centre,
    Clock,
    Journal,
    Metrics,
    Sensor,
    RiskProfile,
    Recorded,
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_setting_is_in_the_manual(table: type[Settings]) -> None:
    missing = [name for name in table.__struct_fields__ if name not in MANUAL]
    assert missing == []
    keys = [name for name in table.__struct_fields__ if table is not Settings]
    assert [key for key in keys if f"`{key}`" not in MANUAL] == []


def _rows() -> dict[tuple[str, str], str]:
    """The manual's table of keys: the default that it names, by table and key."""
    section = MANUAL.split("| table | key | default | meaning |")[1].split("\n\n")[0]
    found: dict[tuple[str, str], str] = {}
    table = ""
    for row in section.splitlines()[2:]:
        first, names, defaults, _ = (cell.strip() for cell in row.strip("|").split(" | ", 3))
        table = first.strip("`[]") or table
        keys = re.findall(r"`(\w+)`", names)
        each = defaults.split(", ") if len(keys) > 1 else [defaults]
        each = each if len(each) == len(keys) else each * len(keys)
        found |= {(table, key): one for key, one in zip(keys, each, strict=True)}
    return found


def test_the_table_of_keys_has_all_of_them_no_other_and_their_defaults() -> None:
    rows = _rows()
    told_elsewhere = {"risk", "rules"}  # each has a table of its own, tested below
    known = {
        (key.table, key.name): key
        for key in keys()
        if key.table not in told_elsewhere and key.name.isidentifier()
    }
    assert {place for place in rows if place[0] not in told_elsewhere} == set(known)
    for place, key in known.items():
        assert (rows[place] == "needed") == key.needed, place
        if isinstance(key.default, str):
            assert rows[place].strip("`") == key.default, place
        elif isinstance(key.default, int | float):
            assert rows[place] == f"{key.default:g}", place


def test_every_counter_is_in_the_manual() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "gateway").rglob("*.py"))
    counters = set(re.findall(r'counts\["(\w+)"\]', sources)) | {
        *(str(quality) for quality in Quality if quality != Quality.OK),
        "energy_disagrees",
        "detector_failed_",
    }
    assert len(counters) > 10
    assert [name for name in sorted(counters) if f"`{name}" not in MANUAL] == []


def test_every_ratio_and_every_outcome_is_in_the_manual_with_its_figure() -> None:
    rows = [line for line in MANUAL.splitlines() if line.startswith("|")]
    for one in RATIOS:
        figure = f" {one.ratio:g} "
        assert any(f"`{one.condition}`" in row and figure in row for row in rows), one
    for outcome in Outcome:
        step = f"x {STEPS.get(outcome, 1.0):g}"
        assert any(f"`{outcome}`" in row and step in row for row in rows), outcome


def test_every_command_is_in_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^ {4}(\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert len(commands) > 5
    assert [one for one in commands if f"telecare-gateway {one}" not in MANUAL] == []


def test_the_settings_in_the_manual_are_good_settings(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(\[hub\].*?)```", MANUAL, re.DOTALL)
    assert example is not None
    path = tmp_path / "hub.toml"
    path.write_text(example[1], "utf-8")
    settings = load(path)
    assert settings.centre is not None
    assert len(settings.sensors) > 3


@pytest.mark.parametrize("kind", get_args(Rule), ids=lambda kind: kind.__name__)
def test_every_kind_of_rule_is_in_the_manual_with_its_keys_and_an_example(kind: type[Rule]) -> None:
    section = under("## Household rules")
    tag = kind.__struct_config__.tag
    assert f"| `{tag}` |" in section
    assert [key for key in kind.__struct_fields__ if f"`{key}`" not in section + "`name`"] == []
    example = re.search(r"```toml\n(.*?)```", section, re.DOTALL)
    assert example is not None
    rules = msgspec.convert(tomllib.loads(example[1])["rules"], Rules)
    assert any(isinstance(rule, kind) for rule in rules)
    assert f"at most {MOST_RULES} rules" in section


def test_the_homes_file_in_the_manual_is_a_good_one(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(\[default\].*?)```", MANUAL, re.DOTALL)
    assert example is not None
    path = tmp_path / "homes.toml"
    path.write_text(example[1], "utf-8")
    assert Profiles(path)("h1").people == 2
    assert [rule.name for rule in Profiles(path)("h1").rules] == ["kettle by ten"]


def test_the_dry_run_in_the_manual_is_one_that_can_be_tried(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(\[homes\.h1\].*?)```", MANUAL, re.DOTALL)
    assert example is not None
    path = tmp_path / "change.toml"
    path.write_text(example[1], "utf-8")
    own = HomeProfile(home="h1")
    assert Changes(path)(own) != own


@pytest.mark.parametrize("part", [HubHealth, MachineHealth, SensorHealth])
def test_every_field_of_a_heartbeat_is_in_the_table_that_says_what_it_means(
    part: type[HubHealth | MachineHealth | SensorHealth],
) -> None:
    table = under("## Health").split("\n\n| field |")[1].split("\n\n")[0]
    prefix = "machine." if part is MachineHealth else ""
    fields = [one for one in part.__struct_fields__ if one not in {"v", "unknown", "machine"}]
    assert len(fields) > 5
    assert [one for one in fields if f"`{prefix}{one}`" not in table] == []


def test_what_a_hub_says_to_a_person_names_no_page_that_is_not_on_it() -> None:
    """Neither the wheel nor the installer puts docs/ onto a hub; `settings --keys` is there."""
    said = [text for path in (ROOT / "gateway").rglob("*.py") for text in texts(path)]
    assert len(said) > 1000
    assert [text for text in said if "docs/" in text] == []
    assert "docs/" not in (ROOT / "deploy/raspberrypi/root/etc/telecare/hub.toml").read_text()


def texts(path: Path) -> list[str]:
    """The texts in a module, but for what is said to its readers."""
    tree = ast.parse(path.read_text("utf-8"))
    to_readers = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Constant)]
    return [one.value for one in found if isinstance(one.value, str) and id(one) not in to_readers]
