"""How a journal is opened tells what may be missing of it, and to whoever reads the log."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Intake, Journal, JournalError, opening
from gateway.journal.backup import backup
from gateway.journal.database import is_damage, open_file
from gateway.journal.opening import CHECK_EVERY_S, CHECK_S, GLANCE_S, examine
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event
from tests.gateway.journal.test_schema import old_journal

CLEAN, KILLED = True, False


def opened(folder: Path, boot: str = "b1", now: float = START, *, well: bool = CLEAN) -> None:
    journal = Journal.open(folder / "journal.sqlite", "hub-1", "h1", boot=boot, now=lambda: now)
    journal.write_intake(Intake(events=[event(1)]), now)
    if well:
        journal.close()
    else:
        journal._connection.close()  # no word that it ended


def reasons(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "journal.sqlite")) as db:
        return [why for (why,) in db.execute("select reason from epochs order by base")]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how long each opening was ready to examine."""
    found: list[float] = []

    def note(connection: sqlite3.Connection, most_s: float) -> bool:
        found.append(most_s)
        return examine(connection, most_s)

    monkeypatch.setattr(opening, "examine", note)
    return found


@pytest.mark.parametrize(
    ("again", "span"),
    [
        (("b1", 60.0, CLEAN), GLANCE_S),
        (("b2", 60.0, CLEAN), GLANCE_S),
        (("b1", 60.0, KILLED), GLANCE_S),
        (("b2", 60.0, KILLED), CHECK_S),
        (("", 60.0, KILLED), CHECK_S),
        (("b1", CHECK_EVERY_S - 1, CLEAN), GLANCE_S),
        (("b1", CHECK_EVERY_S, CLEAN), CHECK_S),
        (("b1", -CHECK_EVERY_S, CLEAN), CHECK_S),
    ],
)
def test_a_journal_is_examined_longest_after_a_power_cut_and_once_a_week(
    tmp_path: Path, spans: list[float], again: tuple[str, float, bool], span: float
) -> None:
    boot, later, well = again
    opened(tmp_path, well=well)
    assert spans == [], "a new one has nothing to examine"
    opened(tmp_path, boot, START + later)
    opened(tmp_path, boot or "b3", START + later + 0.5)
    assert spans == [span, GLANCE_S], "and it is remembered when it was"


def test_a_journal_from_before_such_notes_is_examined_longest(
    tmp_path: Path, spans: list[float]
) -> None:
    old_journal(tmp_path)
    opened(tmp_path)
    assert spans == [CHECK_S]


def test_an_epoch_says_why_it_began(tmp_path: Path) -> None:
    opened(tmp_path, well=KILLED)
    opened(tmp_path, well=KILLED)
    assert reasons(tmp_path) == ["the hub began", "the hub was killed"]
    opened(tmp_path, "b2")
    assert reasons(tmp_path)[2:] == ["the power was cut"]
    opened(tmp_path, "b3")
    assert reasons(tmp_path)[3:] == ["the hub began again"]
    backup(tmp_path / "journal.sqlite", tmp_path / "copy.sqlite")
    (tmp_path / "copy.sqlite").replace(tmp_path / "journal.sqlite")
    opened(tmp_path, "b3")
    assert reasons(tmp_path)[4:] == ["a copy was put back"]


def test_the_log_says_what_was_damaged_what_was_kept_and_where_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened(tmp_path)
    opening.mark_suspect(tmp_path / "journal.sqlite")
    opened(tmp_path)
    lines = [one.message for one in caplog.records if one.levelno >= logging.ERROR]
    why, found = lines
    assert why == (
        "the journal is damaged (reading it ran into damage); it is rebuilt from what can be read"
    )
    assert found == (
        "the journal is rebuilt: 1 records were kept, 0 could not be read; the damaged one is "
        f"kept aside in {tmp_path}"
    )


def test_an_examination_that_takes_too_long_is_given_up_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        for _ in range(20):
            journal.write_intake(Intake(events=[event(n / 100) for n in range(400)]), START)
    with closing(open_file(tmp_path / "journal.sqlite")) as connection:
        assert examine(connection, 60.0)
        caplog.set_level(logging.INFO)
        assert not examine(connection, -1.0)
        assert connection.execute("select count(*) from journal").fetchone() == (8000,)
    assert caplog.messages == ["the journal was examined in part: it takes longer than -1 s"]


def test_the_identity_of_a_journal_with_sums_needs_its_own(tmp_path: Path) -> None:
    """Without one it may be another's; only what is older than sums is believed without."""
    for well in (CLEAN, KILLED):
        opened(tmp_path, well=well)
        with closing(sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)) as db:
            db.execute("update identity set sum = null")
        with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="b1") as journal:
            alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
        assert alerts, "it is told"
        for left in tmp_path.iterdir():
            left.unlink()


def test_a_fault_without_a_number_is_no_damage() -> None:
    assert not is_damage(sqlite3.OperationalError("whatever"))
    assert is_damage(DamagedError("whatever"))


def test_a_journal_that_is_there_and_cannot_be_read_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no journal" * 1000)
    with pytest.raises(JournalError) as refused:
        Journal.open_read_only(path)
    assert str(refused.value) == f"{path}: cannot be read: file is not a database"
