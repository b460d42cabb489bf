"""Checks whether a hub is running here, and whether the machine will start it again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from gateway.doctor.finding import Finding, note, ok, skipped, wrong
from gateway.health.machine_health import ROOT

SERVICE = "telecare-hub.service"
_PATIENCE_S = 10.0


def check_service(journal: Path, systemctl: str = "systemctl") -> Iterator[Finding]:
    """Whether it runs, and by whom.

    Args:
        journal: The hub's.
        systemctl: The command of that name, or its path.
    """
    yield _running(journal)
    yield _installed(_asked(systemctl))


def is_running(journal: Path, root: Path = ROOT) -> bool | None:
    """Whether a process holds this journal, told without touching its lock; None if unknown.

    Taking the lock to see whether it is free would keep a hub from starting that very moment.
    """
    try:
        number = journal.with_suffix(".lock").stat().st_ino
    except OSError:  # no hub was ever here
        return False
    try:
        locks = (root / "proc/locks").read_text("utf-8")
    except OSError:  # not Linux, or not to be seen
        return None
    held = [line.split() for line in locks.splitlines() if "FLOCK" in line]
    return any(word.endswith(f":{number}") for line in held for word in line)


def _running(journal: Path) -> Finding:
    running = is_running(journal)
    if running is None:
        return skipped("hub", "this machine does not tell whether a hub runs on it")
    if not running:
        return wrong(
            "hub",
            "no hub is running with this data folder",
            f"start it: sudo systemctl start {SERVICE.removesuffix('.service')}, "
            "or telecare-gateway run",
        )
    return ok("hub", "running")


def _asked(systemctl: str) -> dict[str, str] | None:
    """What systemd says of the service; None where there is no systemd."""
    wanted = "--property=LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result"
    try:
        done = subprocess.run(  # noqa: S603 - a command of the system, with words of our own
            [systemctl, "show", SERVICE, wanted],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {key: value for key, _, value in pairs}


def _installed(told: dict[str, str] | None) -> Finding:
    if told is None:
        return skipped("service", "systemd does not run here, so nothing restarts the hub")
    if told.get("LoadState") != "loaded":
        return note(
            "service",
            f"{SERVICE} is not installed",
            "deploy/raspberrypi/install.sh installs it; without it nothing restarts the hub",
        )
    state = f"{told.get('ActiveState')} ({told.get('SubState')})"
    if told.get("ActiveState") != "active":
        return wrong(
            "service",
            f"{SERVICE} is {state}, last result {told.get('Result')}",
            f"journalctl -u {SERVICE.removesuffix('.service')} -n 30 says why",
        )
    if told.get("UnitFileState") != "enabled":
        return wrong(
            "service",
            f"{SERVICE} does not start with the machine",
            f"sudo systemctl enable {SERVICE.removesuffix('.service')}",
        )
    restarts = told.get("NRestarts", "0")
    if restarts != "0":
        return note(
            "service",
            f"{state}, restarted {restarts} times",
            f"journalctl -u {SERVICE.removesuffix('.service')} -p warning says why",
        )
    return ok("service", f"{state}, starts with the machine")
