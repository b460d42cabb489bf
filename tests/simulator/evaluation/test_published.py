"""The published figures: what docs/evidence.md claims is found again on the real recordings."""

import json
from pathlib import Path

import pytest

from simulator.cli import main


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_real_homes_still_give_what_is_published(recordings: Path, tmp_path: Path) -> None:
    tihm = tmp_path / "tihm.jsonl.gz"
    assert main(["import", "tihm", str(recordings / "tihm"), "--out", str(tihm)]) == 0
    out = tmp_path / "evaluation"
    only = ["--only", "uti_risk", "--only", "dehydration_risk"]
    assert main(["evaluate", str(tihm), *only, "--out", str(out)]) == 0
    results = json.loads(out.with_suffix(".json").read_text())["results"]
    toileting = results["uti_risk"]["uti_risk, budget 0.3"]
    floor = results["uti_risk"]["floor: robust z > 2.5, 2 days running"]
    drinking = results["dehydration_risk from kitchen and fridge"]["dehydration_risk, budget 0.3"]
    assert toileting["false_alerts"]["value"] <= 0.4
    assert drinking["false_alerts"]["value"] <= 0.4
    for severity, least in (("mild", 0.31), ("moderate", 0.73), ("strong", 0.9)):
        found = toileting["sensitivity"][severity]["share"]["value"]
        assert found >= least
        assert found > floor["sensitivity"][severity]["share"]["value"]
    assert drinking["sensitivity"]["moderate"]["share"]["value"] >= 0.77
    assert drinking["sensitivity"]["strong"]["share"]["value"] >= 0.95
