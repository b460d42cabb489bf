"""An update keeps what was heard, whatever happens meanwhile; an older program stays off.

`v1.sql`, `v5.sql`, `v7.sql` and `v8.sql` are journals as the code of those schemas wrote them, told
by SQLite as statements: so a reviewer can read what is in them, and a change to them shows. Each
test builds the file from them anew.
"""

import math
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contract import RecordKind
from gateway.downlink.book import DownlinkBook
from gateway.journal import Delivery, Intake, Journal, JournalError
from gateway.journal.database import VERSION, connect, schema_of
from gateway.journal.journal import EngineMemory
from gateway.journal.lasting import Spell
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event

ROOT = Path(__file__).parents[3]
V1 = Path(__file__).with_name("v1.sql").read_text("utf-8")
EPOCH = "0123456789abcdef0123456789abcdef"


def old_journal(folder: Path) -> Path:
    path = folder / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript(V1)
    return path


def fifth(folder: Path) -> Path:
    """A journal whose records bear sums, but none over when they were written."""
    path = folder / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript(Path(__file__).with_name("v5.sql").read_text("utf-8"))
    return path


def seventh(folder: Path) -> Path:
    """A journal with a pause and a time away that bear no sums."""
    path = folder / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript(Path(__file__).with_name("v7.sql").read_text("utf-8"))
    return path


def eighth(folder: Path) -> Path:
    """A journal without when anything was delivered, or a sum over the centre's word."""
    path = folder / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript(Path(__file__).with_name("v8.sql").read_text("utf-8"))
    return path


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as found:
        return list(found.iterdump())


def test_a_journal_of_the_first_schema_goes_on_with_its_numbers(tmp_path: Path) -> None:
    path = old_journal(tmp_path)
    with Journal.open(path, "hub-1", "h1") as journal:
        assert journal.identity == ("hub-1", "h1", EPOCH)
        assert (journal.last_seq, journal.outbox.cursor, journal.outbox.waiting()) == (7, 4, 3)
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [1, 2, 3, 7]
        assert [one.kind for one in journal.outbox.records(4, 9, 10**6)] == [
            "alert", "health", "event",
        ]  # fmt: skip
        assert [one.seq for one in journal.outbox.urgent(0, 9)] == [5]
        assert journal.engine_memory() == EngineMemory(3, START + 3 * 3600, b"checkpoint")
        assert journal.devices() == {"bathroom-motion": b'{"n":1}', "kitchen-motion": b'{"n":2}'}
        assert journal.deliveries() == [Delivery(1, b"one"), Delivery(2, b"two")]
        assert journal.counters() == {"events": 4, "messages": 6}
        assert journal.clock() == (START + 4 * 3600, START + 4 * 3600)
        journal.write_intake(Intake(events=[event(5)]), START)
        assert [seq for seq, _ in journal.events_after(3, 9)] == [7, 8]


def test_a_journal_of_the_fifth_schema_goes_on_and_its_old_sums_still_count(
    tmp_path: Path,
) -> None:
    path = fifth(tmp_path)
    with Journal.open(path, "hub-1", "h1") as journal:
        assert (journal.outbox.epochs()[0].name, journal.last_seq) == (EPOCH, 5)
        assert journal.outbox.cursor == 2
        assert journal.clock() == (START + 3 * 3600, START + 3 * 3600)
        assert journal.engine_memory() == EngineMemory(3, START + 3600, b"checkpoint")
        journal.write_intake(Intake(events=[event(9)], received=START + 9 * 3600), START)
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [1, 2, 3, 5, 6]
        assert journal.clock() == (START + 3 * 3600, START + 9 * 3600)
        assert journal.counters().get("journal_rebuilt") is None
    with closing(sqlite3.connect(path, isolation_level=None)) as worn:
        worn.execute("update journal set urgent = 1 where seq = 3")
    with Journal.open(path, "hub-1", "h1") as journal, pytest.raises(DamagedError):
        list(journal.records(RecordKind.EVENT))


def test_a_journal_of_the_seventh_schema_goes_on_and_what_lasts_in_it_lasts(
    tmp_path: Path,
) -> None:
    with Journal.open(seventh(tmp_path), "hub-1", "h1") as journal:
        assert (journal.outbox.epochs()[0].name, journal.last_seq) == (EPOCH, 4)
        assert journal.outbox.cursor == 2
        assert journal.clock() == (START + 2 * 3600, START + 2 * 3600)
        assert [one.conditions for one in journal.switches()] == [("uti_risk",)]
        book = DownlinkBook(journal)
        assert book.spells() == (
            [
                Spell("c1", "away", START, START + 86_400),
                Spell("c2", "pause", START + 10, START + 7200.5),
            ],
            [],
        )
        assert [one.version for one in book.usable()] == [2]
        assert not any(book.damaged())
        assert journal.counters().get("journal_rebuilt") is None


def test_a_journal_of_the_eighth_schema_goes_on_with_what_the_centre_has(tmp_path: Path) -> None:
    path = eighth(tmp_path)
    with Journal.open(path, "hub-1", "h1") as journal:
        assert (journal.last_seq, journal.outbox.cursor) == (4, 2)
        assert journal.outbox.receipt_at == START + 2 * 3600
        assert [one.at for one in journal.deliveries()] == [-math.inf] * 3
        journal.write_intake(Intake(deliveries=[Delivery(4, b"four", START + 9)]), START)
        assert journal.deliveries()[-1] == Delivery(4, b"four", START + 9)
        journal.outbox.move(3, START + 9)
    with closing(sqlite3.connect(path, isolation_level=None)) as worn:
        worn.execute("update uplink set cursor = 4")
    with Journal.open(path, "hub-1", "h1") as journal:
        assert journal.counters()["journal_rebuilt"] == 1
        assert journal.outbox.cursor == 0


@pytest.mark.parametrize("old", [old_journal, fifth, seventh, eighth])
def test_an_upgraded_journal_is_the_same_as_a_new_one(
    tmp_path: Path, old: Callable[[Path], Path]
) -> None:
    new = tmp_path / "new.sqlite"
    with closing(connect(new)) as one, closing(connect(old(tmp_path))) as other:
        assert schema_of(one) == schema_of(other)


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from gateway.journal import database

left = int(sys.argv[2])

def count(statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

connection = database.open_file(Path(sys.argv[1]))
connection.set_trace_callback(count)
database.upgrade(connection, Path(sys.argv[1]))
print("done")
"""


def killed_at_each_statement(tmp_path: Path) -> Iterator[Path]:
    for statement in range(200):
        folder = tmp_path / str(statement)
        folder.mkdir()
        path = old_journal(folder)
        command = [sys.executable, "-c", _KILLED, str(path), str(statement)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.stdout == "done\n":
            return
        assert done.returncode == -9, done.stderr
        yield path
    raise AssertionError("the upgrade never ends")


def test_an_upgrade_cut_short_anywhere_leaves_the_old_journal_or_the_new(tmp_path: Path) -> None:
    before = everything(old_journal(tmp_path))
    with closing(connect(tmp_path / "journal.sqlite")):
        pass
    after = everything(tmp_path / "journal.sqlite")
    seen = set()
    for path in killed_at_each_statement(tmp_path):
        found = everything(path)
        assert found in (before, after)
        seen.add(found == after)
        with Journal.open(path, "hub-1", "h1") as journal:
            assert (journal.last_seq, journal.identity.epoch) == (7, EPOCH)
    assert False in seen


def test_a_journal_of_a_newer_version_is_left_alone_and_says_what_to_do(tmp_path: Path) -> None:
    path = old_journal(tmp_path)
    with closing(connect(path)) as connection:
        mark = connection.execute("pragma application_id").fetchone()[0]
        newer = VERSION + 1
        connection.executescript(
            f"pragma user_version = {newer}; pragma application_id = {mark + 1};"
        )
    before = path.read_bytes()
    with pytest.raises(JournalError, match="install that version again"):
        Journal.open(path, "hub-1", "h1")
    with pytest.raises(JournalError, match="install the version that wrote it"):
        Journal.open_read_only(path)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


def test_status_of_a_journal_not_yet_upgraded_says_to_start_the_hub(tmp_path: Path) -> None:
    says = "start the hub once to bring it up to date, or install the version that wrote it$"
    with pytest.raises(JournalError, match=says):
        Journal.open_read_only(old_journal(tmp_path))
