"""Whoever stands before a dead hub is told that it is dead, and how to start it."""

import sys
from pathlib import Path

import pytest

from gateway.doctor.finding import Finding, State
from gateway.doctor.service import check_service, is_running
from gateway.journal.lock import only_one

WELL = "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNRestarts=0"


def service(folder: Path, told: str, code: int = 0) -> Finding:
    """What comes of a `systemctl` that tells this."""
    command = folder / "systemctl"
    command.write_text(f"#!/bin/sh\ncat <<'END'\n{told}\nEND\nexit {code}\n")
    command.chmod(0o755)
    _, found = check_service(folder / "journal.sqlite", str(command))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows who holds a lock")
def test_a_running_hub_is_told_from_one_that_ended_without_touching_its_lock(
    tmp_path: Path,
) -> None:
    journal = tmp_path / "journal.sqlite"
    assert is_running(journal) is False
    with only_one(journal):
        assert is_running(journal) is True
        found, _ = check_service(journal)
        assert found.state is State.OK
    assert is_running(journal) is False
    found, _ = check_service(journal)
    assert found.state is State.WRONG
    assert "start" in found.remedy


def test_where_locks_cannot_be_seen_it_cannot_say(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    with only_one(journal):
        assert is_running(journal, root=tmp_path) is None


@pytest.mark.parametrize(
    ("was", "is_now", "state", "says"),
    [
        ("", "", State.OK, "starts with the machine"),
        ("LoadState=loaded", "LoadState=not-found", State.NOTE, "not installed"),
        ("ActiveState=active", "ActiveState=failed", State.WRONG, "is failed"),
        ("=enabled", "=disabled", State.WRONG, "does not start with the machine"),
        ("NRestarts=0", "NRestarts=4", State.NOTE, "restarted 4 times"),
    ],
)
def test_each_state_of_the_service_is_told(
    tmp_path: Path, was: str, is_now: str, state: State, says: str
) -> None:
    found = service(tmp_path, WELL.replace(was, is_now))
    assert found.state is state
    assert says in found.said


def test_a_machine_without_systemd_is_no_fault(tmp_path: Path) -> None:
    assert service(tmp_path, "System has not been booted with systemd", 1).state is State.SKIPPED
    _, found = check_service(tmp_path / "journal.sqlite", str(tmp_path / "no-such-command"))
    assert found.state is State.SKIPPED
