"""The SQLite file: opened durably, brought up to date, written in whole transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from gateway.errors import HubError

VERSION = 4
"""The newest schema; `schema_v1.sql` and its successors lead there one by one."""

ROOMS = 4
"""The schema from which on other rooms have tables of their own in the file."""

_BUSY_S = 10.0


class JournalError(HubError):
    """The journal cannot be used. The sentence says why and what to do."""


def connect(path: Path) -> sqlite3.Connection:
    """Opens the journal for writing and brings its schema up to date.

    Raises:
        JournalError: It cannot be opened, is damaged, or was written by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")  # a commit survives a power cut
        _upgrade(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise JournalError(
            f"{path}: cannot be opened as the hub's journal: {error}. If the file is damaged, move "
            "it away; the hub then begins a new one"
        ) from error
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Opens the journal beside a running hub, without being able to change it.

    Raises:
        JournalError: There is no journal, or it cannot be read.
    """
    if not path.is_file():
        raise JournalError(f"{path}: there is no journal yet; has the hub ever run?")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_BUSY_S
        )
        _check_version(version(connection), path)
    except sqlite3.Error as error:
        raise JournalError(f"{path}: cannot be read: {error}") from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; durable when it ends."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def version(connection: sqlite3.Connection) -> int:
    """The schema that a file is at."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def _check_version(found: int, path: Path) -> None:
    if found > VERSION:
        raise JournalError(
            f"{path}: written by a newer version of the software (schema {found}; this one knows "
            f"{VERSION}); install that version again"
        )


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    found = version(connection)
    _check_version(found, path)
    for step in range(found + 1, VERSION + 1):
        script = files("gateway.journal").joinpath(f"schema_v{step}.sql").read_text("utf-8")
        connection.executescript(f"begin;\n{script}\npragma user_version = {step};\ncommit;")
