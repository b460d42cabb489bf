"""The scripts are sound, explain themselves, and refuse in words an installer can act upon."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.wheels import ROOT

FOLDER = ROOT / "deploy" / "raspberrypi"
SCRIPT = FOLDER / "install.sh"
ON_BOOT = ROOT / "tests" / "deploy" / "on_boot.sh"
SHELLCHECK = Path(sys.executable).with_name("shellcheck")  # of the environment, not of the machine
COMMAND = FOLDER / "root" / "usr" / "local" / "bin" / "telecare-gateway"


def run(*options: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the script, with the programs in `path` in place of the system's."""
    programs = "/usr/sbin:/usr/bin:/sbin:/bin"
    return subprocess.run(
        [SCRIPT, *options],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{path}:{programs}" if path else programs, "HOME": "/nonexistent"},
    )


def program(folder: Path, name: str, prints: str) -> Path:
    """Puts a program that prints one line into `folder`, as another machine would have it."""
    (folder / name).write_text(f"#!/bin/sh\necho '{prints}'\n")
    (folder / name).chmod(0o755)
    return folder


def test_no_script_holds_a_mistake_that_shellcheck_knows() -> None:
    checked = subprocess.run(
        [SHELLCHECK, "--external-sources", "--check-sourced", SCRIPT, COMMAND, ON_BOOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_help_teaches_every_option_and_gives_examples() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    assert "Examples" in shown.stdout
    understood = set(re.findall(r"(?<=[ |])--[a-z-]+(?= \||\))", SCRIPT.read_text()))
    assert len(understood) >= 12
    assert understood <= set(re.findall(r"--[a-z-]+", shown.stdout))


def test_every_option_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "installer.md").read_text()
    for option in re.findall(r"^  (?:\S.*)?(--[a-z-]+)", run("--help").stdout, re.MULTILINE):
        assert f"`{option}" in guide, f"docs/installer.md does not explain {option}"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--whel", "x"], "There is no option --whel"),
        (["--wheel"], "--wheel needs a value"),
        (["--wheel", "/nowhere.whl"], "There is no file telecare-*.whl at: /nowhere.whl"),
        (["--checkout", "/"], "The project's sources are not at: /"),
        (["--home", 'x" y'], "letters, digits, dots and dashes"),
        (["--hub", "../x"], "letters, digits, dots and dashes"),
        (["--wifi", "kettle/plug"], "letters, digits, dots and dashes"),
        (["--wifi", "telecare-hub"], "the name telecare-hub is kept for the hub itself"),
        (["--time-zone", "Europe/Lundun"], "such as Europe/London, not: Europe/Lundun"),
        (["--centre", "http://centre.example.org"], "begins with https://"),
    ],
)
def test_a_mistyped_option_is_named_and_changes_nothing(options: list[str], says: str) -> None:
    refused = run(*options)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "--help explains" in refused.stderr


def test_a_32_bit_system_is_told_to_become_64_bit(tmp_path: Path) -> None:
    refused = run("--dry-run", path=program(tmp_path, "dpkg", "armhf"))
    assert refused.returncode == 1
    assert "built for 'armhf'" in refused.stderr
    assert "64-bit Raspberry Pi OS" in refused.stderr


def test_a_python_too_old_is_named(tmp_path: Path) -> None:
    refused = run("--dry-run", path=program(tmp_path, "python3", "3.9"))
    assert refused.returncode == 1
    assert "Python 3.11 or later is needed; python3 here is: 3.9" in refused.stderr


def test_a_dry_run_as_anybody_says_what_it_would_do_and_does_nothing() -> None:
    before = sorted(Path("/etc").iterdir())
    shown = run("--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "  would   write /etc/mosquitto/telecare.acl" in shown.stdout
    assert "this was a dry run" in shown.stdout
    assert sorted(Path("/etc").iterdir()) == before
