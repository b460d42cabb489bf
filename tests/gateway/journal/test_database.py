"""A file is taken for the hub's journal only where it is one; whoever is refused is told why."""

import logging
import os
import shutil
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gateway.journal import Intake, Journal, JournalError
from gateway.journal.database import VERSION, connect, is_damage, open_file, transaction
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event
from tests.gateway.journal.test_corners import changed
from tests.gateway.journal.test_journal import open_journal
from tests.gateway.journal.test_schema import old_journal

MARK = 0x7465_0000
BEGIN = "the file does not begin as a journal does"


def lived(folder: Path) -> Path:
    with open_journal(folder) as journal:
        journal.switch_off(["uti_risk"])
        journal.write_intake(Intake(events=[event(1)], newest=START, received=START), START)
        journal.write_outputs([], EngineMemory(1, None, b"memory"), Counter(), START)
    return folder / "journal.sqlite"


def statement(text: str) -> Callable[[Path], object]:
    return lambda path: changed(path, text)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (mark_suspect, "reading it ran into damage"),
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"x" * 5000), BEGIN),
        (lambda path: path.write_bytes(path.read_bytes()[:50]), BEGIN),
        (statement("drop table counters"), "its tables are not those that were made"),
        (
            statement(f"pragma application_id = {MARK + VERSION + 1}"),
            f"the header tells version {VERSION}, and by its other place {MARK + VERSION + 1:#x}",
        ),
        (statement("update identity set home = 'h2'"), "whose it is is not as it was written"),
        (
            statement("update engine set driven = 7.0"),
            "what the engine had learned is not as it was written",
        ),
        (
            statement("update clock set newest = newest + 1"),
            "how far time had come is not as it was written",
        ),
        (
            statement("update epochs set epoch = 'other'"),
            "the name of an epoch is not as it was written",
        ),
        (
            statement("update switched_off set conditions = ''"),
            "what was switched off is not as it was written",
        ),
    ],
)
def test_the_log_says_what_was_damaged_so_that_somebody_can_find_out_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], object], why: str
) -> None:
    damage(lived(tmp_path))
    open_journal(tmp_path).close()
    first, *_ = [one.message for one in caplog.records if one.levelno >= logging.ERROR]
    assert first == f"the journal is damaged ({why}); it is rebuilt from what can be read"


def test_an_older_journal_of_which_a_table_is_amiss_is_named_with_its_schema(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed(old_journal(tmp_path), "create table epochs (whatever text) strict")
    open_journal(tmp_path).close()
    why = "its tables are not those of schema 1: table epochs already exists"
    assert f"the journal is damaged ({why});" in caplog.messages[0]


LOOKED_AT = [*range(24), 44, 45, 46, 47, 56, 57, 58, 59, *range(72, 92)]


def test_what_never_changes_in_the_header_is_looked_at_byte_by_byte(tmp_path: Path) -> None:
    """SQLite would say that it is busy, or of a newer kind, and a hub would wait for ever."""
    path = lived(tmp_path)
    raw = path.read_bytes()
    for at in LOOKED_AT:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0x40]) + raw[at + 1 :])
        with pytest.raises(DamagedError, match=BEGIN):
            open_file(path)
    path.write_bytes(raw)
    open_file(path).close()


def test_a_file_in_which_nothing_stands_yet_is_a_journal_that_was_just_begun(
    tmp_path: Path,
) -> None:
    """The power went between the first page and the tables."""
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as begun:
        begun.execute("pragma journal_mode = wal")
    assert path.read_bytes()[44:48] == bytes(4)
    open_file(path).close()
    path.write_bytes(b"")
    connect(path).close()
    assert path.stat().st_size


def test_none_but_the_hub_s_own_group_looks_into_its_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = tmp_path / "var" / "hub"
        open_journal(folder).close()
        open_journal(folder).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_what_cannot_be_opened_is_told_with_its_name_and_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    path = tmp_path / "file" / "journal.sqlite"
    with pytest.raises(JournalError) as refused:
        connect(path)
    says = str(refused.value)
    assert says.startswith(f"{path}: cannot be opened as the hub's journal: ")
    assert says.endswith("Is the disk full, or may the hub's user not write there?")


def test_a_journal_of_a_newer_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    newer = VERSION + 1
    path = changed(
        lived(tmp_path), f"pragma user_version = {newer}", f"pragma application_id = {MARK + newer}"
    )
    with pytest.raises(JournalError) as refused:
        open_journal(tmp_path)
    assert str(refused.value) == (
        f"{path}: written by a newer version of the software (schema {newer}; this one knows "
        f"{VERSION}); install that version again"
    )
    with pytest.raises(JournalError) as refused:
        Journal.open_read_only(path)
    assert str(refused.value).startswith(f"{path}: holds schema {newer} and this version reads")


def test_who_looks_for_a_journal_before_the_hub_ever_ran_is_asked_that(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with pytest.raises(JournalError) as refused:
        Journal.open_read_only(path)
    assert str(refused.value) == f"{path}: there is no journal yet; has the hub ever run?"
    assert not path.exists(), "and none is made by looking"


def test_who_looks_beside_a_running_hub_can_change_nothing(tmp_path: Path) -> None:
    path = lived(tmp_path)
    with Journal.open_read_only(path) as beside, pytest.raises(sqlite3.OperationalError):
        beside.write_note("a", "b", START)


@pytest.mark.parametrize("boots", [("one",), ("one", "one"), ("one", "two")])
def test_every_commit_of_an_open_journal_survives_a_power_cut(
    tmp_path: Path, boots: tuple[str, ...]
) -> None:
    """And the file itself says that it was in use, should all of its log be lost."""
    path = tmp_path / "journal.sqlite"
    for boot in boots:
        journal = Journal.open(path, "hub-1", "h1", boot=boot)
        assert journal.rows("pragma synchronous") == [(2,)]
        assert journal.rows("pragma journal_mode") == [("wal",)]
        shutil.copy(path, tmp_path / "alone.sqlite")
        with closing(sqlite3.connect(tmp_path / "alone.sqlite")) as alone:
            found = alone.execute("select is_open, boot from session").fetchall()
        assert found == [(1, boot)]
        journal._connection.close()  # it is killed


def failing(connection: sqlite3.Connection, query: str) -> None:
    with transaction(connection):
        connection.execute(query)
        raise KeyError


WORD = "insert into notes values ('a', 0.0, 'b')"


def test_a_transaction_that_fails_leaves_nothing_and_holds_nobody_up(tmp_path: Path) -> None:
    with closing(connect(lived(tmp_path))) as one:
        for query in (WORD, "rollback"):  # as SQLite does by itself where the disk is full
            with pytest.raises(KeyError):
                failing(one, query)
            assert one.execute("select count(*) from notes").fetchone() == (0,)
        with transaction(one):
            one.execute(WORD)
        assert not one.in_transaction


@pytest.mark.parametrize(
    ("code", "damaged"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_CORRUPT_INDEX, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_FORMAT, True),
        (sqlite3.SQLITE_IOERR_READ, True),
        (sqlite3.SQLITE_IOERR_SHORT_READ, True),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_IOERR, False),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_READONLY, False),
    ],
)
def test_a_full_or_a_busy_disk_is_no_damage_and_nothing_is_rebuilt_for_it(
    code: int, damaged: bool
) -> None:
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorcode = code
    assert is_damage(error) is damaged
