"""A whole copy of a journal beside the running hub, and its events as a recording."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from contract import RecordKind, SensorEvent, decode
from contract.recordings import write_recording
from gateway.journal.database import JournalError, connect_read_only
from gateway.journal.journal import Journal
from gateway.journal.opening import examine
from gateway.journal.sums import DamagedError

_CHECK_S = 600.0


def backup(path_from: Path, path_to: Path) -> None:
    """Copies a journal as it is at this moment; the hub may be at work.

    The copy is one file. Put in the journal's place it goes on in a new epoch, so that no number
    the centre knows is used again.

    Raises:
        JournalError: There is no journal, the copy exists already, cannot be written or is not
            whole.
    """
    if path_to.exists():
        raise JournalError(f"{path_to}: exists already; name another file")
    part = path_to.with_name(path_to.name + ".part")
    try:
        with closing(connect_read_only(path_from)) as source:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
            _copy(source, part)
        part.rename(path_to)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{path_to}: the copy could not be made: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, part: Path) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as target:
        source.backup(target)
        target.execute("pragma journal_mode = delete")
        target.execute("update session set is_copy = 1, is_open = 0")
        if not examine(target, _CHECK_S):
            raise DamagedError(f"it could not be examined within {_CHECK_S:.0f} s")


def export(journal: Journal, path: Path, since: datetime | None, until: datetime | None) -> int:
    """Writes the events of a journal as a recording, sorted by time; how many there were.

    Args:
        journal: May be open for reading alone.
        path: The recording, `.jsonl` or `.jsonl.gz`; what stands there is replaced.
        since: Events from this instant on; None for all.
        until: Events before this instant; None for all.

    Raises:
        OSError: It cannot be written.
        DamagedError: A record is not as it was written.
    """
    times = sorted(
        (event.at, seq)
        for seq, event in _events(journal)
        if (since is None or event.at >= since) and (until is None or event.at < until)
    )
    part = path.with_name(f".part-{path.name}")
    try:
        count = write_recording(part, (journal.event(seq) for _, seq in times))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _events(journal: Journal) -> Iterator[tuple[int, SensorEvent]]:
    for seq, body in journal.records(RecordKind.EVENT):
        yield seq, decode(body, SensorEvent)
