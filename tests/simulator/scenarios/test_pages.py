"""The pages about scenarios and live homes: what stands there must run, and be all there is."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.scenarios import ScenarioError, Staged, read_scenario
from simulator.scenarios.keys import keys_text
from simulator.scenarios.library import library, load
from simulator.view.screen import HELP
from tests.conftest import ROOT

SCENARIOS = (ROOT / "docs" / "simulator-scenarios.md").read_text()
LIVE = (ROOT / "docs" / "simulator-live.md").read_text()
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def commands() -> Iterator[list[str]]:
    """The simulator's commands on both pages, without what a shell does with them."""
    for language, text in BLOCK.findall(SCENARIOS + LIVE):
        for line in text.splitlines():
            _, found, arguments = line.partition("telecare-simulator ")
            if language == "sh" and found:
                yield shlex.split(arguments.partition(" > ")[0])


def test_the_scenario_that_is_written_there_can_be_played(tmp_path: Path) -> None:
    parts = [text for language, text in BLOCK.findall(SCENARIOS) if language == "toml"]
    assert len(parts) == 4
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(parts))
    played = Staged.of(read_scenario(path))
    befallen = {(plan.home, plan.episode.kind) for plan in played.street.planned}
    assert {("home4", "fall"), ("home9", "fall")} <= befallen
    assert len(befallen) == 3
    assert played.dialects("home4")["kettle-plug"] == "tasmota"
    assert played.street.home(4).household.carer_visits == 2
    assert [fault.home for fault in played.faults] == ["home9"]
    path.write_text("\n".join(parts).replace('kind = "fall"', 'kind = "fal"'))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    said = str(caught.value).removeprefix(f"{tmp_path}/")
    shown = next(line for line in SCENARIOS.splitlines() if line.startswith("mine.toml:"))
    assert said.startswith(shown.removesuffix("..."))


def test_the_tables_are_those_that_the_program_prints() -> None:
    assert SCENARIOS.endswith(keys_text())
    for name in library():
        scenario = load(name)
        row = f"| `{name}` | {scenario.title}. {' '.join(scenario.about.split())} |"
        assert f"{row} {scenario.homes}, {scenario.days} |" in SCENARIOS


def test_every_key_of_the_view_is_explained() -> None:
    for key, what in HELP:
        assert f"| `{key}` | {what} |" in LIVE


@pytest.mark.parametrize("arguments", [*commands()], ids=" ".join)
def test_every_command_is_one_that_the_program_takes(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would do is tried elsewhere; here, that it is understood."""
    taken: list[argparse.Namespace] = []

    def take(args: argparse.Namespace) -> int:
        taken.append(args)
        return 0

    for module in ("living.cli", "live.cli", "scenarios.cli"):
        monkeypatch.setattr(f"simulator.{module}.run", take)
    assert main(arguments) == 0
    assert taken
