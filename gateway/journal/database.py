"""The SQLite file: opened durably, brought up to date, written in whole transactions."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

from gateway.errors import AS_WHOM, HubError
from gateway.journal.sums import DamagedError

VERSION = 9
"""The newest schema; `schema_v1.sql` and its successors lead there one by one."""

_MARK = 0x7465_0000
"""From schema 2 on the header's application id is this plus the schema: it is told twice."""

_BUSY_S = 10.0
"""So long a reader waits for who holds the file."""
_WRITER_BUSY_S = 1.0
"""The hub hears nothing meanwhile; it tries again by itself."""
_PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",  # a commit survives a power cut
    # Busy pages are written into the file once in 4 MB of the log, not once in each commit: less
    # wear. After a burst the log is cut back.
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 16777216",
    # Overwrites what is deleted where the page is written anyway; Debian's default writes the
    # emptied pages too.
    "secure_delete = fast",
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_UNREADABLE = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ})


class JournalError(HubError):
    """The journal cannot be used. The sentence says why and what to do."""


class NoJournalError(JournalError):
    """No hub has begun it yet."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, so that waiting does not help."""
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, DamagedError) or code & 0xFF in _DAMAGE or code in _UNREADABLE


def connect(path: Path) -> sqlite3.Connection:
    """Opens the journal for writing and brings its schema up to date.

    Raises:
        JournalError: It cannot be opened, or was written by a newer version.
        DatabaseError: It is damaged.
    """
    connection = open_file(path)
    try:
        upgrade(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_file(path: Path) -> sqlite3.Connection:
    """Opens the file for writing as it is.

    Raises:
        JournalError: It cannot be opened.
        DatabaseError: It is damaged.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        _check_header(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=_WRITER_BUSY_S)
        connection.text_factory = _text
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
        version_of(connection)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        if connection is not None:
            connection.close()
        raise _refusal(path, error) from error
    return connection


def _check_header(path: Path) -> None:
    """Looks at what never changes in the header, where SQLite would only say what it cannot do.

    https://www.sqlite.org/fileformat2.html, 1.3

    Raises:
        DamagedError: It is not as SQLite writes it for us.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        return  # SQLite has made it and nothing has been written yet
    sound = (
        header.startswith(b"SQLite format 3\0")
        and header[16:18] == (4096).to_bytes(2, "big")
        and header[18:20] in {b"\1\1", b"\2\2"}  # with a log beside it, or without as in a copy
        and header[20:24] == bytes((0, 64, 32, 32))
        and header[44:48] in {bytes(4), bytes((0, 0, 0, 4))}
        and header[56:60] in {bytes(4), bytes((0, 0, 0, 1))}  # UTF-8
        and header[72:92] == bytes(20)
    )
    if not sound:
        raise DamagedError("the file does not begin as a journal does")


def _text(stored: bytes) -> str:
    """A text as it is stored; a spoilt letter keeps nothing else from being read."""
    return stored.decode("utf-8", "replace")


def _refusal(path: Path, error: sqlite3.Error | OSError | UnicodeDecodeError) -> Exception:
    if isinstance(error, UnicodeDecodeError):  # SQLite says what is wrong in the spoilt letters
        return DamagedError("its tables are not named as they were")
    if isinstance(error, sqlite3.Error) and is_damage(error):
        return error
    return JournalError(
        f"{path}: cannot be opened as the hub's journal: {error}. Is the disk full, or may the "
        "hub's user not write there?"
    )


def _may_read(path: Path) -> bool:
    """Whether this user may read a journal and, as SQLite needs, what lies beside it."""
    beside = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
    return os.access(path, os.R_OK) and all(
        os.access(one, os.R_OK) for one in beside if one.exists()
    )


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Opens the journal beside a running hub, without being able to change it.

    Raises:
        JournalError: There is no journal, or it cannot be read.
    """
    try:
        there = path.is_file()
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror}; {AS_WHOM}") from error
    if path.is_dir():
        raise JournalError(f"{path}: is a folder, and no journal; move it away and start the hub")
    if there and not path.stat().st_size:
        raise JournalError(f"{path}: is empty; start the hub, which begins it or builds it anew")
    if not there:
        raise NoJournalError(f"{path}: there is no journal yet; has the hub ever run?")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S
        )
        connection.text_factory = _text
        version = version_of(connection)
    except sqlite3.Error as error:
        if not _may_read(path):
            raise JournalError(f"{path}: cannot be read: Permission denied; {AS_WHOM}") from error
        raise JournalError(f"{path}: cannot be read: {error}") from error
    if version != VERSION:
        connection.close()
        raise JournalError(
            f"{path}: holds schema {version} and this version reads {VERSION}; start the hub once "
            "to bring it up to date, or install the version that wrote it"
        )
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


def version_of(connection: sqlite3.Connection) -> int:
    """The schema that the file says it holds."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the schema up to date in one transaction.

    Raises:
        JournalError: It was written by a newer version.
        DatabaseError: What it holds is no schema of ours.
    """
    version = version_of(connection)
    mark = int(connection.execute("pragma application_id").fetchone()[0])
    if mark != (_MARK + version if version > 1 else 0):
        raise DamagedError(f"the header tells version {version}, and by its other place {mark:#x}")
    if version > VERSION:
        raise JournalError(
            f"{path}: written by a newer version of the software (schema {version}; this one knows "
            f"{VERSION}); install that version again"
        )
    if version < VERSION:
        _run(connection, version)
    if schema_of(connection) != _expected():
        raise DamagedError("its tables are not those that were made")


def _run(connection: sqlite3.Connection, version: int) -> None:
    try:
        connection.executescript(f"begin immediate;\n{_steps(version)}\ncommit;")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("rollback")
        if isinstance(error, sqlite3.OperationalError) and _is_sql(error):
            raise DamagedError(f"its tables are not those of schema {version}: {error}") from error
        raise


def _is_sql(error: sqlite3.Error) -> bool:
    """Whether the statement was at fault: for ours that means the tables are."""
    return error.sqlite_errorcode == sqlite3.SQLITE_ERROR


def _steps(version: int) -> str:
    folder = files("gateway.journal")
    scripts = [
        folder.joinpath(f"schema_v{step}.sql").read_text("utf-8")
        for step in range(version + 1, VERSION + 1)
    ]
    mark = _MARK + VERSION
    return "\n".join(
        [*scripts, f"pragma user_version = {VERSION};", f"pragma application_id = {mark};"]
    )


Schema = list[tuple[str, str, str]]


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Every table and index, with its definition."""
    query = "select type, name, coalesce(sql, '') from sqlite_schema order by type, name"
    return [tuple(row) for row in connection.execute(query)]


@cache
def _expected() -> Schema:
    with sqlite3.connect(":memory:", isolation_level=None) as fresh:
        fresh.executescript(_steps(0))
        found = schema_of(fresh)
    fresh.close()
    return found
