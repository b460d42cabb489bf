"""The published figures: what docs/evidence.md claims is found again on the real recordings."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.cli import main


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_real_homes_still_give_what_is_published(recordings: Path, tmp_path: Path) -> None:
    tihm = tmp_path / "tihm.jsonl.gz"
    assert main(["import", "tihm", str(recordings / "tihm"), "--out", str(tihm)]) == 0
    out = tmp_path / "evaluation"
    only = ["--subject", "uti_risk", "--subject", "dehydration_risk from kitchen and fridge"]
    assert main(["evaluate", str(tihm), *only, "--out", str(out)]) == 0
    results = json.loads((out / "results.json").read_text())["results"]
    toileting, floors = default(results["uti_risk"])
    drinking, _ = default(results["dehydration_risk from kitchen and fridge"])
    assert toileting["false_alerts"]["value"] <= 0.4
    assert drinking["false_alerts"]["value"] <= 0.4
    for severity, least in (("mild", 0.31), ("moderate", 0.73), ("strong", 0.9)):
        found = toileting["sensitivity"][severity]["share"]["value"]
        assert found >= least
        assert all(found > floor["share"][severity] for floor in floors.values())
    assert drinking["sensitivity"]["moderate"]["share"]["value"] >= 0.77
    assert drinking["sensitivity"]["strong"]["share"]["value"] >= 0.95


def default(contest: dict[str, Any]) -> tuple[Any, Any]:
    """The detector as a hub runs it, and the floors beside it."""
    (name,) = (name for name, one in contest["ours"].items() if one["default"])
    return contest["ours"][name], contest["against"][name]
