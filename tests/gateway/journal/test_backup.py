"""A copy is whole though the hub is at work, and what is put back uses no number twice."""

import stat
from pathlib import Path

import pytest

from gateway.journal import Intake, Journal, JournalError
from gateway.journal.backup import backup
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import open_journal


def test_a_copy_of_a_running_hub_holds_all_that_was_acknowledged(tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(500)]), START)
        backup(tmp_path / "journal.sqlite", copy)
        journal.write_intake(Intake(events=[event(500)]), START)
        assert journal.last_seq == 501
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == ["copy.sqlite"]
    with Journal.open_read_only(copy) as kept:
        assert len(list(kept.events_until(10**9))) == 500


def test_a_copy_put_back_begins_a_new_epoch(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(1)]), START)
        backup(tmp_path / "journal.sqlite", tmp_path / "copy.sqlite")
        before = journal.identity.epoch
    (tmp_path / "copy.sqlite").rename(tmp_path / "journal.sqlite")
    for _ in range(2):
        with open_journal(tmp_path) as journal:
            assert [one.base for one in journal.outbox.epochs()] == [0, 1]
            assert journal.identity.epoch != before


def test_a_copy_never_takes_the_place_of_another(tmp_path: Path) -> None:
    open_journal(tmp_path).close()
    (tmp_path / "copy.sqlite").write_text("precious")
    with pytest.raises(JournalError, match="exists already; name another file"):
        backup(tmp_path / "journal.sqlite", tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "precious"


def test_a_copy_of_nothing_or_to_nowhere_says_so(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal yet"):
        backup(tmp_path / "journal.sqlite", tmp_path / "copy.sqlite")
    open_journal(tmp_path).close()
    with pytest.raises(JournalError, match="no copy could be made"):
        backup(tmp_path / "journal.sqlite", tmp_path / "no folder" / "copy.sqlite")


def test_a_damaged_journal_makes_no_copy_that_looks_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(500)]), START)
    raw = bytearray(path.read_bytes())
    raw[5 * 4096 : 30 * 4096] = b"\xa5" * (25 * 4096)
    path.write_bytes(raw)
    with pytest.raises(JournalError, match="no copy could be made"):
        backup(path, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
