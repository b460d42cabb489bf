"""One device's damaged memory costs that device's, and no other's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.journal.database import connect
from gateway.journal.states import forget_states, read_states, write_states


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "journal.sqlite")) as made:
        write_states(made, {"pir": b"one", "door": b"two", "bed": b"three"})
        yield made


def test_a_state_is_believed_as_it_was_written_last(db: sqlite3.Connection) -> None:
    write_states(db, {"pir": b"newer"})
    assert read_states(db) == ({"pir": b"newer", "door": b"two", "bed": b"three"}, [])


@pytest.mark.parametrize(
    "change",
    [
        "update devices set state = x'00' where name = 'door'",
        "update devices set sum = sum + 1 where name = 'door'",
        "update devices set name = 'other' where name = 'door'",
        "update devices set name = cast(x'646f6fff' as text) where name = 'door'",
        "update devices set name = cast(x'646f6fff' as text), sum = null where name = 'door'",
    ],
)
def test_what_is_not_as_it_was_written_is_forgotten_alone(
    db: sqlite3.Connection, change: str
) -> None:
    db.execute(change)
    found = read_states(db)
    assert set(found.states) == {"pir", "bed"}
    assert len(found.damaged) == 1
    forget_states(db, found.damaged)
    assert read_states(db) == ({"pir": b"one", "bed": b"three"}, [])
    assert db.execute("select count(*) from devices").fetchone() == (2,)


def test_a_state_from_before_there_were_sums_is_believed(db: sqlite3.Connection) -> None:
    db.execute("update devices set sum = null where name = 'door'")
    assert read_states(db).states["door"] == b"two"
