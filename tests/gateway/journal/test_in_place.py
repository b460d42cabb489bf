"""A card that is damaged and full: the hub goes on, and loses no more than cannot be read."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Intake, Journal, JournalError, swap
from gateway.journal.in_place import mend_in_place
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.set_back import SetBack
from gateway.journal.settling import CONDITION, Owner
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import alert, open_journal
from tests.support.disk import Disk, may_mount, small_disk

needs_root = pytest.mark.skipif(not may_mount(), reason="only root may mount a small disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as made:
        if made is None:
            pytest.skip("no small disk can be mounted here")
        yield made


def hear(journal: Journal, events: int) -> None:
    for n in range(0, events, 50):
        intake = Intake(events=[event(n + m / 60) for m in range(50)], counts=Counter(events=50))
        intake.newest = intake.received = START + (n + 1) * 3600
        journal.write_intake(intake, START + n)


def worn(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "journal.sqlite", isolation_level=None)) as connection:
        connection.execute(statement)


def events(journal: Journal) -> list[int]:
    return [seq for seq, _ in journal.records(RecordKind.EVENT)]


def told(journal: Journal) -> list[str]:
    found = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    return [one.text for one in found if one.condition == CONDITION]


@needs_root
def test_a_damaged_record_on_a_disk_without_room_costs_itself_alone(disk: Disk) -> None:
    """It once ended a hub at work, and every start after that."""
    with open_journal(disk.folder) as journal:
        hear(journal, 1500)
    worn(disk.folder, "update journal set body = x'00' where seq = 700")
    mark_suspect(disk.folder / "journal.sqlite")
    disk.fill()
    disk.leave(250_000)
    with open_journal(disk.folder) as journal:
        assert events(journal) == [seq for seq in range(1, 1501) if seq != 700]
        (said,) = told(journal)
        assert "1 could not be read" in said
        assert journal.counters()["journal_lost"] == 1
        (lost,) = [one for one in journal.outbox.records(699, 1, 10**6) if one.seq == 700]
        assert lost.kind == "lost"
        journal.write_intake(Intake(events=[event(9)]), START)
        assert journal.outbox.epochs()[-1].base == 1500, "no number is used twice"
    with open_journal(disk.folder) as journal:
        assert len(told(journal)) == 1
    assert sorted(path.name for path in disk.folder.iterdir()) == ["filler", "journal.sqlite"]


@needs_root
def test_what_was_kept_aside_makes_room_before_anything_else(disk: Disk) -> None:
    path = disk.folder / "journal.sqlite"
    with open_journal(disk.folder) as journal:
        hear(journal, 500)
    mark_suspect(path)
    open_journal(disk.folder).close()
    assert len(swap.kept_aside(path)) == 1
    disk.fill()
    disk.leave(int(path.stat().st_size * 2.5))
    mark_suspect(path)
    with open_journal(disk.folder) as journal:
        assert len(events(journal)) == 500
        assert journal.counters()["journal_rebuilt"] == 2
    assert len(swap.kept_aside(path)) == 1, "the one that is damaged now"


@needs_root
def test_pages_that_do_not_hang_together_need_room_and_how_much_is_said(disk: Disk) -> None:
    path = disk.folder / "journal.sqlite"
    with open_journal(disk.folder) as journal:
        hear(journal, 1500)
    raw = bytearray(path.read_bytes())
    raw[20 * 4096 : 20 * 4096 + 64] = bytes(64)
    path.write_bytes(raw)
    disk.fill()
    disk.leave(250_000)
    with pytest.raises(JournalError, match=r"about 1\.[1-3] MB are needed beside it and 0\.\d MB"):
        open_journal(disk.folder)
    assert path.read_bytes() == raw
    disk.free()
    with open_journal(disk.folder) as journal:
        assert len(events(journal)) > 1400


def lived(folder: Path) -> None:
    with open_journal(folder) as journal:
        hear(journal, 100)
        memory = EngineMemory(90, START + 3600, b"memory")
        journal.write_outputs([alert(1)], memory, Counter(), START)
        journal.switch_off(["uti_risk"])
        journal.set_back(SetBack(100, START + 9e5, START), memory)
        journal.outbox.move(50, START)


@pytest.mark.parametrize(
    ("damage", "is_lost"),
    [
        ("update journal set body = x'00' where seq = 101", 1),
        ("update journal set written_at = 1e300 where seq = 7", 0),
        ("update engine set offset = 4", 0),
        ("update clock set newest = 1e300", 0),
        ("update set_back set line = 4", 0),
        ("update switched_off set conditions = 'x'", 0),
        ("update identity set hub = 'hub-2'", 0),
        ("update epochs set epoch = 'x'", 0),
        ("delete from identity", 0),
    ],
)
def test_whatever_a_sum_is_over_is_mended_in_place_as_a_new_journal_would_have_it(
    tmp_path: Path, damage: str, is_lost: int
) -> None:
    for name in ("one", "other"):
        lived(tmp_path / name)
        worn(tmp_path / name, damage)
        mark_suspect(tmp_path / name / "journal.sqlite")
    with closing(sqlite3.connect(tmp_path / "one/journal.sqlite", isolation_level=None)) as file:
        assert mend_in_place(file, Owner("hub-1", "h1", START)).lost == is_lost
    swap.suspect(tmp_path / "one/journal.sqlite").unlink()
    with open_journal(tmp_path / "one") as one, open_journal(tmp_path / "other") as other:
        for read in (events, told, Journal.clock, Journal.engine_memory, Journal.set_backs):
            assert read(one) == read(other)
        assert (one.last_seq, one.identity[:2]) == (other.last_seq, ("hub-1", "h1"))
        assert [base for base, _ in one.outbox.epochs()] == [
            base for base, _ in other.outbox.epochs()
        ]
        assert one.switches() == other.switches()
        assert one.counters() == other.counters()


def test_what_was_lost_is_counted_once_however_often_the_journal_is_rebuilt(
    tmp_path: Path,
) -> None:
    """A second rebuilding told of 14 records where 7 were lost, a third of 21."""
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        hear(journal, 100)
    worn(tmp_path, "delete from journal where seq between 40 and 46")
    for total, damage in [
        (7, "select 1"),
        (7, "select 1"),
        (9, "delete from journal where seq in (39, 80)"),
        (9, "select 1"),
    ]:
        worn(tmp_path, damage)
        mark_suspect(path)
        with open_journal(tmp_path) as journal:
            assert journal.counters()["journal_lost"] == total
    texts = [text.rpartition("kept, ")[2] for text in told(open_journal(tmp_path))]
    assert texts == [f"{n} could not be read." for n in (7, 0, 2, 0)]


def test_what_is_known_to_be_lost_and_cannot_be_read_is_told_again_and_not_forgotten(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        hear(journal, 100)
    worn(tmp_path, "delete from journal where seq between 40 and 46")
    mark_suspect(path)
    open_journal(tmp_path).close()
    worn(tmp_path, "update lost set last = 99")
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert journal.counters()["journal_lost"] == 14


def test_a_journal_that_hangs_together_is_still_damaged_where_a_sum_says_so(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 50)
    worn(tmp_path, "update journal set body = x'00' where seq = 7")
    with open_journal(tmp_path) as journal, pytest.raises(DamagedError):
        events(journal)
