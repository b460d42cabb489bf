"""A copy of the journal is one that can be relied on, also when the hub writes meanwhile."""

import sqlite3
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.journal import Intake, Journal
from gateway.journal.backup import backup
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.events import START, event
from tests.gateway.household import Household


def ask(household: Household, *arguments: str | Path) -> int:
    return main(["backup", *map(str, arguments), "--settings", str(household.path)])


def test_the_copy_is_one_file_with_every_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, events = lived_in(tmp_path / "hub")
    out = tmp_path / "copy" / "hub.sqlite"
    out.parent.mkdir()
    assert ask(household, out) == 0
    assert "whole" in capsys.readouterr().out
    assert [one.name for one in out.parent.iterdir()] == ["hub.sqlite"]
    with Journal.open_read_only(out) as copy:
        assert sorted(copy.events_until(10**9), key=lambda one: one.at) == events


def test_what_is_written_meanwhile_does_not_tear_the_copy(tmp_path: Path) -> None:
    path, out = tmp_path / "j.sqlite", tmp_path / "copy.sqlite"
    with Journal.open(path, "hub-1", "h1") as journal:
        journal.write_intake(Intake(events=[event(n / 60) for n in range(30_000)]), START)
        portions: list[float] = []

        def write_on(share: float) -> None:
            portions.append(share)
            journal.write_intake(Intake(events=[event(1000 + len(portions))]), START)

        backup(path, out, write_on)
        assert journal.last_seq == 30_000 + len(portions)
    assert portions
    with Journal.open_read_only(out) as copy:
        assert copy.last_seq == 30_000


def test_no_file_and_least_of_all_the_journal_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, events = lived_in(tmp_path / "hub")
    assert ask(household, household.journal_path) == 2
    assert ask(household, household.journal_path, "--force") == 2
    assert "is the journal itself" in capsys.readouterr().err
    assert len(household.events()) == len(events)


@pytest.mark.parametrize(
    "name",
    [
        *("journal.sqlite-wal", "journal.sqlite-shm", "journal.lock", "journal.rebuilt"),
        *("hub.key", "hub.key.new"),
    ],
)
def test_a_copy_takes_no_file_from_under_the_hub_at_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    household, _ = lived_in(tmp_path / "hub")
    target = household.journal_path.with_name(name)
    assert ask(household, target) == 2, "also while it is not there"
    target.write_bytes(b"")
    before = target.stat().st_ino
    assert ask(household, target, "--force") == 2
    assert "that the hub itself needs" in capsys.readouterr().err
    assert target.stat().st_ino == before, "it is the file that the hub holds open"


def test_no_copy_takes_the_place_of_the_settings(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path / "hub")
    before = household.path.read_bytes()
    assert ask(household, household.path, "--force") == 2
    assert household.path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, _ = lived_in(tmp_path / "hub")
    assert ask(household, tmp_path / "no" / "folder.sqlite") == 1
    assert "no copy could be made" in capsys.readouterr().err


def test_the_copy_waits_for_no_second_file(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path / "hub")
    out = tmp_path / "copy.sqlite"
    assert ask(household, out) == 0
    connection = sqlite3.connect(out)
    assert connection.execute("pragma journal_mode").fetchone() == ("delete",)
    connection.close()
