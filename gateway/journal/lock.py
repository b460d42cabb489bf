"""One process at a time: two hubs on one journal would each believe they knew its state."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.journal.database import JournalError


def lock_of(journal: Path) -> Path:
    """The file by which one process holds a journal."""
    return journal.with_suffix(".lock")


@contextmanager
def only_one(journal: Path) -> Iterator[None]:
    """Holds the journal for this process.

    Raises:
        JournalError: Another process holds it, or its folder cannot be written.
    """
    path = lock_of(journal)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle = path.open("w")
    except OSError as error:
        raise JournalError(
            f"{path}: {error.strerror}. Is the disk full, or may the hub's user not write there?"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalError(
                f"{journal.parent}: another hub process uses this data folder; stop it first"
            ) from error
        yield
