"""A machine that is about to fail its hub is named, with what to do."""

from pathlib import Path

import pytest

from gateway.doctor.finding import Finding, State
from gateway.doctor.machine import check_machine
from gateway.health.machine_health import look
from tests.gateway.made_up_machine import machine_in


def findings(root: Path) -> dict[str, Finding]:
    return {one.check: one for one in check_machine(look(root), root / "not" / "there")}


def test_a_machine_that_is_well_is_said_so(tmp_path: Path) -> None:
    found = findings(machine_in(tmp_path))
    assert "Raspberry Pi 4" in found["versions"].said
    del found["disk"]  # whatever the machine has that runs this test
    assert {one.state for one in found.values()} == {State.OK}


@pytest.mark.parametrize(
    ("check", "file", "content", "state"),
    [
        ("power", "in0_lcrit_alarm", "1", State.WRONG),
        ("temperature", "temp", "81000", State.WRONG),
        ("temperature", "temp", "72000", State.NOTE),
        ("memory", "meminfo", "MemAvailable: 20000 kB", State.WRONG),
    ],
)
def test_what_is_wrong_comes_with_what_to_do(
    tmp_path: Path, check: str, file: str, content: str, state: State
) -> None:
    found = findings(machine_in(tmp_path, **{file: content}))[check]
    assert found.state is state
    assert found.remedy


def test_a_clock_that_was_never_set_is_wrong(tmp_path: Path) -> None:
    machine_in(tmp_path)
    (tmp_path / "run/systemd/timesync/synchronized").unlink()
    assert findings(tmp_path)["clock"].state is State.WRONG


def test_what_a_pc_does_not_tell_is_no_fault_of_it(tmp_path: Path) -> None:
    found = findings(tmp_path)
    for check in ("memory", "temperature", "power", "clock"):
        assert found[check].state is State.SKIPPED
