"""Corners of opening, mending and copying that a hub meets once in its life, and must get right."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Intake, Journal, JournalError, backup, opening, salvage, swap
from gateway.journal.database import VERSION, connect, is_damage, upgrade
from gateway.journal.epochs import epochs_in
from gateway.journal.intake import PAYLOAD_KEPT, TEXT_KEPT, quarantined
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import examine, mark_suspect
from gateway.journal.settling import CONDITION
from gateway.journal.sums import DamagedError, name_sum
from gateway.journal.turns import Turns
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import alert, open_journal
from tests.gateway.journal.test_schema import EPOCH, old_journal


def lived(folder: Path, events: int = 20) -> Path:
    """A journal that was closed in good order."""
    with open_journal(folder) as journal:
        journal.write_intake(Intake(events=[event(n / 10) for n in range(events)]), START)
    return folder / "journal.sqlite"


def changed(path: Path, *statements: str) -> Path:
    """The same file after somebody's hand was at it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
    return path


def word_of_damage(journal: Journal) -> list[Alert]:
    alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    return [one for one in alerts if one.condition == CONDITION]


def test_a_file_cut_off_within_its_header_is_begun_anew_and_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"SQLite format 3\0" + bytes(40))
    with open_journal(tmp_path) as journal:
        assert len(word_of_damage(journal)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "drop table counters",
        "alter table held add column whatever text",
        "create table somebody_elses (a)",
        f"pragma application_id = {0x7465_0000 + VERSION - 1}",
    ],
)
def test_tables_that_a_hand_has_changed_are_rebuilt_with_all_records(
    tmp_path: Path, statement: str
) -> None:
    path = changed(lived(tmp_path), statement)
    with open_journal(tmp_path) as journal:
        assert len(list(journal.records(RecordKind.EVENT))) == 20
        (told,) = word_of_damage(journal)
        assert "20 records were kept, 0 could not be read" in told.text
    assert len(swap.kept_aside(path)) == 1


def test_an_old_journal_whose_tables_are_not_those_of_its_schema_is_rebuilt(tmp_path: Path) -> None:
    """The step to the next schema meets a table of that name."""
    changed(old_journal(tmp_path), "create table epochs (whatever text) strict")
    with open_journal(tmp_path) as journal:
        assert len(word_of_damage(journal)) == 1
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [1, 2, 3, 7]
        assert journal.outbox.cursor == 4, "what the centre has is still known"


def test_an_upgrade_that_the_disk_refuses_changes_nothing_and_is_no_damage(tmp_path: Path) -> None:
    path = old_journal(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as waits:
            waits.execute("pragma busy_timeout = 0")
            with pytest.raises(sqlite3.OperationalError, match="locked") as refused:
                upgrade(waits, path)
    assert not is_damage(refused.value)
    with open_journal(tmp_path) as journal:
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [1, 2, 3, 7]


def test_a_newer_journal_is_let_go_of_and_stays_as_it_is(tmp_path: Path) -> None:
    path = lived(tmp_path)
    statements = ("user_version", VERSION + 1), ("application_id", 0x7465_0000 + VERSION + 1)
    changed(path, *(f"pragma {name} = {value}" for name, value in statements))
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer version of the software"):
        connect(path)
    path.rename(tmp_path / "moved.sqlite")  # nobody holds it open
    assert (tmp_path / "moved.sqlite").read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    ["update epochs set epoch = 'another'", "update identity set home = 'another'"],
)
def test_a_name_that_was_changed_is_not_believed(tmp_path: Path, statement: str) -> None:
    """Under another's name the centre would count these records as somebody else's."""
    path = lived(tmp_path)
    with open_journal(tmp_path) as journal:
        epoch = journal.outbox.epochs()[0].name
    changed(path, statement)
    with open_journal(tmp_path) as journal:
        assert journal.identity[:2] == ("hub-1", "h1")
        assert journal.outbox.epochs()[0].name == epoch, "it was kept twice"
        assert len(list(journal.records(RecordKind.EVENT))) == 20
        assert len(word_of_damage(journal)) == 1


def test_of_epochs_kept_twice_only_those_that_are_proved_are_believed() -> None:
    proved = f"5 name {name_sum(5, 'name')}"
    for wrong in ("5 name 1", "-5 name 1", "", "x", f"6 name {name_sum(5, 'name')}", "5 name"):
        assert epochs_in(f"{wrong}\n{proved}\n{wrong}") == [(5, "name")]


def test_a_damaged_journal_of_the_first_schema_keeps_its_numbers_and_its_epoch(
    tmp_path: Path,
) -> None:
    """Its records bear no sums: they count where they say something."""
    path = changed(
        old_journal(tmp_path),
        "update journal set body = x'7b' where seq = 2",
        "update journal set kind = 'nonsense' where seq = 3",
    )
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [1, 7]
        assert journal.outbox.epochs()[0] == (0, EPOCH)
        assert journal.outbox.cursor == 4
        (told,) = word_of_damage(journal)
        assert "5 records were kept, 2 could not be read" in told.text
        assert told.prompt == "Consider replacing the hub's memory card."
        assert journal.counters()["journal_rebuilt"] == 1
        assert journal.counters()["journal_lost"] == 2


@pytest.mark.parametrize(
    "statement",
    [
        "update engine set driven = 7",
        "update engine set checkpoint = x'00'",
        "update engine set offset = 3",
        "delete from engine",
    ],
    ids=["driven", "checkpoint", "place", "gone"],
)
def test_an_engine_goes_on_where_it_had_spoken_though_its_memory_is_damaged(
    tmp_path: Path, statement: str
) -> None:
    """From the beginning it would raise every old alert again; from the end it would miss some."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
        whole = EngineMemory(12, 5.0, b"memory")
        journal.write_outputs([alert(9)], whole, Counter(), START)
        journal.write_intake(Intake(events=[event(n) for n in range(9, 12)]), START)
    mark_suspect(changed(tmp_path / "journal.sqlite", statement))
    with open_journal(tmp_path) as journal:
        found = journal.engine_memory()
    assert found == EngineMemory(9, None, b""), "and learns anew"


def test_an_engine_that_never_spoke_has_no_place(tmp_path: Path) -> None:
    mark_suspect(lived(tmp_path))
    with open_journal(tmp_path) as journal:
        assert journal.engine_memory() is None


def test_what_is_left_of_a_rebuilding_that_was_cut_short_is_no_part_of_the_next(
    tmp_path: Path,
) -> None:
    path = lived(tmp_path)
    left = swap.rebuilding(path)
    left.write_bytes(b"half of something")
    left.with_name(f"{left.name}-wal").write_bytes(b"more of it")
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert len(list(journal.records(RecordKind.EVENT))) == 20
    assert list(tmp_path.glob("*.rebuilding*")) == []


def test_who_waits_for_a_long_rebuilding_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage, "_AT_ONCE", 7)
    path, told = lived(tmp_path), Counter[str]()
    mark_suspect(path)
    with Journal.open(path, "hub-1", "h1", tell=lambda: told.update(["told"])) as journal:
        assert len(list(journal.records(RecordKind.EVENT))) == 20
    assert told["told"] >= 2


def test_an_examination_takes_no_longer_than_it_may_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_STEPS", 1)
    with closing(connect(lived(tmp_path))) as connection:
        assert examine(connection, 60.0)
        assert not examine(connection, -1.0)
        connection.execute("select count(*) from journal").fetchone()  # it is not held up later


def test_a_copy_that_could_not_be_examined_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, target = lived(tmp_path), tmp_path / "copy.sqlite"
    monkeypatch.setattr(opening, "_STEPS", 1)
    monkeypatch.setattr(backup, "_CHECK_S", -1.0)
    with pytest.raises(JournalError, match="could not be examined"):
        backup.backup(path, target)
    assert list(tmp_path.glob("copy*")) == []


def test_where_the_system_does_not_name_its_start_every_open_end_may_be_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.journal.journal.boot_id", lambda: "")
    journal = open_journal(tmp_path)
    journal._owned = False  # it is killed
    journal.close()
    with open_journal(tmp_path) as journal:
        assert len(journal.outbox.epochs()) == 1, "an epoch without a record gives way"
        journal.write_intake(Intake(events=[event(1)]), START)
        journal._owned = False
    with open_journal(tmp_path) as journal:
        assert [one.base for one in journal.outbox.epochs()] == [0, 1]


def test_after_a_good_end_too_no_number_is_used_that_a_copied_folder_may_have_used(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    for starts, boot in enumerate(("one", "two", "two"), 1):
        with Journal.open(path, "hub-1", "h1", boot=boot) as journal:
            journal.write_intake(Intake(events=[event(1)]), START)
            assert [one.base for one in journal.outbox.epochs()] == list(range(starts))


def test_urgent_alerts_that_do_not_fit_into_a_batch_wait_for_the_next(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        memory = EngineMemory(0, None, b"")
        journal.write_outputs([alert(n, "urgent") for n in range(4)], memory, Counter(), START)
        turns = Turns(journal.outbox)
        size = len(journal.outbox.records(0, 1, 10**6)[0].body)
        assert [one.seq for one in turns.next(1000, size * 2 + 1)] == [1, 2]
        assert [one.seq for one in turns.next(1000, 1)] == [1], "one goes however large"


def test_of_a_message_as_much_is_kept_aside_as_shows_what_was_wrong() -> None:
    kept = quarantined(START, "t" * 999, "r" * 999, b"p" * 9999, once=True)
    assert (len(kept.topic), len(kept.reason)) == (TEXT_KEPT, TEXT_KEPT)
    assert len(kept.payload) == PAYLOAD_KEPT
    assert kept.once == f"{kept.reason} {kept.topic}"


def test_a_record_that_was_changed_is_told_by_its_number(tmp_path: Path) -> None:
    changed(lived(tmp_path), "update journal set urgent = 1 where seq = 7")
    with open_journal(tmp_path) as journal, pytest.raises(DamagedError, match="record 7 "):
        journal.events_after(0, 100)
