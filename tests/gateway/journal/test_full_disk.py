"""A full disk, or one that can only be read, costs time and no event."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.journal import Intake, Journal, JournalError, swap
from gateway.journal.lock import only_one
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import open_journal
from tests.support.disk import Disk, may_mount, small_disk

needs_root = pytest.mark.skipif(not may_mount(), reason="only root may mount a small disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as made:
        if made is None:
            pytest.skip("no small disk can be mounted here")
        yield made


def heard(journal: Journal) -> int:
    return len(list(journal.events_until(10**9)))


def fill_up(journal: Journal) -> int:
    """Hears until the disk is full; how many events were acknowledged."""
    acknowledged = heard(journal)
    with pytest.raises(sqlite3.OperationalError, match=r"full|disk I/O error"):  # noqa: PT012 - which one is the last is not known
        while True:
            journal.write_intake(Intake(events=[event(acknowledged + n) for n in range(50)]), START)
            acknowledged += 50
    return acknowledged


@needs_root
def test_on_a_full_disk_nothing_is_half_written_and_all_goes_on_once_there_is_room(
    disk: Disk,
) -> None:
    with open_journal(disk.folder) as journal:
        journal.write_intake(Intake(events=[event(0)]), START)
        disk.fill()
        acknowledged = fill_up(journal)
        assert heard(journal) == acknowledged == journal.last_seq
        disk.free()
        journal.write_intake(Intake(events=[event(1)]), START)
        assert heard(journal) == acknowledged + 1
    with open_journal(disk.folder) as journal:
        assert heard(journal) == acknowledged + 1
        assert "journal_rebuilt" not in journal.counters()


@needs_root
def test_a_hub_that_is_killed_on_a_full_disk_has_all_it_acknowledged(disk: Disk) -> None:
    journal = open_journal(disk.folder)
    disk.fill()
    acknowledged = fill_up(journal)
    copy = disk.folder.parent / "copy"
    shutil.copytree(disk.folder, copy, ignore=shutil.ignore_patterns("filler", "*-shm"))
    journal.close()
    with open_journal(copy) as journal:
        assert heard(journal) == acknowledged


@needs_root
def test_a_damaged_journal_without_room_for_another_is_left_as_it_is(disk: Disk) -> None:
    with open_journal(disk.folder) as journal:
        for n in range(20):
            journal.write_intake(Intake(events=[event(n + m / 60) for m in range(60)]), START)
    path = disk.folder / "journal.sqlite"
    path.write_bytes(b"\xa5" * 100 + path.read_bytes()[100:])
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(JournalError, match=r"No space left|full|disk I/O error"):
        open_journal(disk.folder)
    assert path.read_bytes() == before
    disk.free()
    with open_journal(disk.folder) as journal:
        assert heard(journal) == 1200
    assert len(swap.kept_aside(path)) == 1


@needs_root
def test_a_disk_that_can_only_be_read_is_told_and_nothing_is_lost_on_it(disk: Disk) -> None:
    with open_journal(disk.folder) as journal:
        journal.write_intake(Intake(events=[event(0)]), START)
    disk.remount("ro")
    with pytest.raises(JournalError, match=r"Is the disk full, or may the hub's user not write"):
        open_journal(disk.folder)
    disk.remount("rw")
    with open_journal(disk.folder) as journal:
        assert heard(journal) == 1


@needs_root
def test_a_hub_that_wakes_up_on_such_a_disk_says_what_to_look_for(disk: Disk) -> None:
    disk.remount("ro")
    wrong = r"Read-only file system. Is the disk full, or may the hub's user not write there"
    with pytest.raises(JournalError, match=wrong), only_one(disk.folder / "journal.sqlite"):
        pass


def test_a_file_that_may_not_grow_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        (pages,) = journal._connection.execute("pragma page_count").fetchone()
        journal._connection.execute(f"pragma max_page_count = {pages + 10}")
        acknowledged = fill_up(journal)
        assert heard(journal) == acknowledged
        journal._connection.execute(f"pragma max_page_count = {pages + 1000}")
        journal.write_intake(Intake(events=[event(1)]), START)
        assert heard(journal) == acknowledged + 1
