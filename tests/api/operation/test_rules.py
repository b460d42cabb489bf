"""Whoever is called by an alert of the centre is called because of something that is measured."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own

from api.operation.metrics import Metrics
from tests.api.support import SettableClock

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy/prometheus/telecare.rules.yml"


def rules() -> list[dict[str, str]]:
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    found: list[dict[str, str]] = group["rules"]
    return found


def test_every_rule_asks_for_metrics_and_labels_that_there_are(clock: SettableClock) -> None:
    metrics = Metrics(clock)
    known: dict[str, set[str]] = {"up": {"job"}}
    for one in vars(metrics).values():
        for sample in ("", "_total", "_bucket"):
            if hasattr(one, "_labelnames"):
                known[one._name + sample] = {*one._labelnames, "le"}
    asked = 0
    for rule in rules():
        for name, labels in re.findall(r"\b(telecare_\w+|up)\b(?:\{([^}]*)\})?", rule["expr"]):
            assert name in known, f"{rule['alert']} asks for {name}, which nobody tells"
            assert {label for label, _ in re.findall(r"(\w+)(!?=)", labels)} <= known[name]
            asked += 1
    assert asked > len(rules())


def test_every_rule_says_in_the_guide_what_to_do() -> None:
    guide = (ROOT / "docs/operations.md").read_text()
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in guide] == []


def test_prometheus_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: it is in Debian's package prometheus")
    done = subprocess.run([promtool, "check", "rules", RULES], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
