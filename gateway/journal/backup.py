"""A whole copy of a journal as of one instant, taken beside the running hub."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from gateway.journal.database import JournalError, connect_read_only, is_damage
from gateway.journal.opening import examine, remedy_of_damage
from gateway.journal.soundness import unsound
from gateway.journal.sums import DamagedError

_CHECK_S = 600.0
_PAGES = 2000
"""Copied at a time; between two portions the hub may write."""


def backup(
    source: Path,
    target: Path,
    progress: Callable[[float], None] = lambda _share: None,
    *,
    replace: bool = False,
) -> None:
    """Copies a journal as it is at this moment; the hub may be at work.

    The copy is one file, on the disk whole or not at all. Put in the journal's place it goes on in
    a new epoch, so that no number the centre knows is used again.

    Args:
        source: The journal.
        target: Where to.
        progress: Told how far it has come, from 0 to 1.
        replace: Whether what stands there already may go.

    Raises:
        JournalError: There is no journal, the copy exists already, cannot be written or is not
            whole.
    """
    if target.exists() and not target.is_file():
        raise JournalError(f"{target}: is no file but a folder or a device; name another")
    if target.exists() and not replace:
        raise JournalError(f"{target}: exists already; name another file")
    part = target.with_name(f".{target.name}.part")
    try:
        with closing(connect_read_only(source)) as reading:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _copy(_at_one_instant(reading), part, progress)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        said = str(error)
        if isinstance(error, sqlite3.Error) and is_damage(error):
            said = f"{source} is damaged: {error}; {remedy_of_damage(source)}"
        raise JournalError(f"{target}: no copy could be made: {said}") from error
    finally:
        part.unlink(missing_ok=True)


def _at_one_instant(reading: sqlite3.Connection) -> sqlite3.Connection:
    """Holds the reader to what it sees now; else the copy would begin anew at each write."""
    reading.execute("begin")
    reading.execute("select count(*) from identity").fetchone()
    return reading


def _copy(reading: sqlite3.Connection, part: Path, progress: Callable[[float], None]) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as target:
        reading.backup(
            target,
            pages=_PAGES,
            progress=lambda _status, left, total: progress(1 - left / max(total, 1)),
        )
        # One file, that needs no -wal beside it to be read from a stick.
        target.execute("pragma journal_mode = delete")
        target.execute("update session set is_copy = 1, is_open = 0")
        if not examine(target, _CHECK_S):
            raise JournalError(f"it could not be examined within {_CHECK_S:.0f} s")
        for problem in unsound(target):
            raise DamagedError(problem)
