"""The hub's service is what systemd understands, shut in as tightly as its work allows."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.deploy.wheels import ROOT

FOLDER = ROOT / "deploy" / "raspberrypi" / "root" / "etc" / "systemd" / "system"
UNIT = FOLDER / "telecare-hub.service"
BACKOFF = FOLDER / "telecare-hub.service.d" / "backoff.conf"
# On systemd's scale of 0 (shut in) to 100. What is left: a network, a socket to systemd itself, and
# to ask the kernel how its clock stands; that call could also set it, had the hub the right to.
EXPOSURE = 14


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The service, with a command that every machine has."""
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze", "it comes with systemd, on Linux")
    copy = tmp_path / UNIT.name
    command = "/opt/telecare/current/bin/telecare-gateway"
    copy.write_text(UNIT.read_text().replace(command, "/bin/true"))
    return copy


def analyse(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
    )


def test_systemd_understands_every_line(unit: Path) -> None:
    checked = analyse("verify", "--man=no", unit)
    # It also looks at units that ours stands beside; what it says of those is not about us.
    assert [line for line in checked.stderr.splitlines() if "telecare" in line] == []
    assert checked.returncode == 0


def test_a_slip_in_the_unit_would_be_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "ProtectSystems=strict"))
    assert "ProtectSystems" in analyse("verify", "--man=no", unit).stderr


def test_a_hub_that_was_broken_into_can_reach_little(unit: Path) -> None:
    scored = analyse("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", unit)
    assert scored.returncode == 0, scored.stdout[-400:]


def test_a_loosened_unit_would_be_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("NoNewPrivileges=yes", "NoNewPrivileges=no"))
    scored = analyse("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", unit)
    assert scored.returncode != 0


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "WatchdogSec=60s",
        "Environment=PYTHONFAULTHANDLER=1",
        "User=telecare",
        "StateDirectory=telecare",
        "WantedBy=multi-user.target",
    ],
)
def test_a_hub_comes_back_by_itself_whatever_ended_it(line: str) -> None:
    assert line in UNIT.read_text().splitlines()


def test_the_hub_may_see_the_memory_and_load_that_its_heartbeats_tell() -> None:
    assert "ProcSubset=pid" not in UNIT.read_text()


def test_the_hub_may_ask_whether_chrony_keeps_the_clock_and_may_not_set_it() -> None:
    lines = UNIT.read_text().splitlines()
    calls = [line.partition("=")[2] for line in lines if line.startswith("SystemCallFilter=")]
    assert "adjtimex" in calls[-1].split(), "after what forbids it"
    assert "settime" not in UNIT.read_text()
    assert not any(line.startswith("ProtectClock=") for line in lines)
    assert "CapabilityBoundingSet=" in lines, "without CAP_SYS_TIME"


def test_tries_grow_rarer_where_systemd_can_do_that() -> None:
    assert "RestartMaxDelaySec=5min" in BACKOFF.read_text().splitlines()
