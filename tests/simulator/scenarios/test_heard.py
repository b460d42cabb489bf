"""What a scenario promises of a hub is what a hub makes of it."""

from pathlib import Path

import pytest

from contract import Alert, decode
from simulator.cli import main


@pytest.mark.slow
def test_who_shows_the_infection_in_week_4_shows_what_is_promised(tmp_path: Path) -> None:
    told = tmp_path / "alerts.jsonl"
    command = ["run", "--scenario", "uti-in-week-4", "--speed", "0", "--engine"]
    assert main([*command, "--alerts", str(told)]) == 0
    alerts = [decode(line, Alert) for line in told.read_bytes().splitlines()]
    found = {one.home for one in alerts if one.condition == "uti_risk"}
    assert found == {"home3", "home7", "home10"}
