"""A consistent copy of a journal, taken while the hub writes it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from gateway.journal.database import JournalError, connect_read_only

_PAGES = 2000
"""Copied at a time; between two portions the hub may write."""


def copy_journal(source: Path, target: Path, progress: Callable[[float], None]) -> None:
    """Copies as of one instant; the copy is on the disk whole, or not at all.

    Args:
        source: The journal, which may be in use.
        target: Where to; what is there is replaced.
        progress: Told how far it has come, from 0 to 1.

    Raises:
        JournalError: There is no journal, it is damaged, or the copy cannot be written.
    """
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with closing(connect_read_only(source)) as reading, _one_instant(reading):
            _copy(reading, unfinished, progress)
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{target}: no copy could be made: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _one_instant(reading: sqlite3.Connection) -> sqlite3.Connection:
    """Holds the reader to what it sees now; else the copy would begin anew at each write."""
    reading.execute("begin")
    reading.execute("select count(*) from identity").fetchone()
    return reading


def _copy(reading: sqlite3.Connection, target: Path, progress: Callable[[float], None]) -> None:
    with closing(sqlite3.connect(target)) as writing:
        reading.backup(
            writing,
            pages=_PAGES,
            progress=lambda _status, left, total: progress(1 - left / max(total, 1)),
        )
        # One file, that needs no -wal beside it to be read from a stick.
        writing.execute("pragma journal_mode = delete")
        problems = [text for (text,) in writing.execute("pragma quick_check(1)") if text != "ok"]
    if problems:
        raise JournalError(
            f"the journal is damaged: {problems[0]}; telecare-gateway doctor says more"
        )
