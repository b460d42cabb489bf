"""Looks into a journal beside the running hub, for people; and the little that they may clear."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from contract import HubHealth, RecordKind, SensorEvent, decode
from gateway.journal.database import JournalError, connect_read_only, transaction
from gateway.journal.soundness import ROWS, unsound
from gateway.journal.sums import Row, plausible, whole

_BUSY_S = 10.0
_MOST = 5


class Aside(NamedTuple):
    """A message in quarantine.

    Attributes:
        id: Its number, rising.
        at: When it came, in epoch seconds.
        topic, payload: As it came, cut short.
        reason: Why it could not be used.
    """

    id: int
    at: float
    topic: str
    reason: str
    payload: bytes


class Inspection:
    """One journal, open for reading. What is asked of it disturbs no hub.

    Args:
        path: The journal.

    Raises:
        JournalError: There is none, or it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect_read_only(path)
        self._path = path
        self._number = path.stat().st_ino

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def still_there(self) -> None:
        """Makes sure that this is still the hub's journal.

        Raises:
            JournalError: It was moved away, or another has taken its place.
        """
        if not self._path.exists() or self._path.stat().st_ino != self._number:
            raise JournalError(
                f"{self._path}: this journal is gone; begin again to see the new one"
            )

    def problems(self) -> list[str]:
        """What is wrong with the file, by SQLite and by each sum in it; the first few.

        Nothing, in one that is whole.
        """
        try:
            rows = self._connection.execute(f"pragma quick_check({_MOST})").fetchall()
            found = [text for (text,) in rows if text != "ok"]
            return found or list(islice(unsound(self._connection), _MOST))
        except sqlite3.DatabaseError as error:
            return [str(error)]

    def newest_health(self) -> HubHealth | None:
        """The last heartbeat; None where there is none yet."""
        query = f"{ROWS} where kind = ? order by seq desc limit 1"
        row = next(self._read(query, RecordKind.HEALTH), None)
        return None if row is None else decode(row[4], HubHealth)

    def last_seq(self) -> int:
        """The number of the newest record; 0 before the first."""
        row = self._connection.execute("select coalesce(max(seq), 0) from journal").fetchone()
        return int(row[0])

    def newest_events(self, since: float) -> Iterator[SensorEvent]:
        """Events that were written since a moment (epoch seconds), the newest first."""
        for row in self._read(f"{ROWS} where kind = 'event' order by seq desc"):
            if row[3] < since:
                return
            yield decode(row[4], SensorEvent)

    def after(self, seq: int, kinds: tuple[str, ...], most: int) -> list[tuple[int, str, bytes]]:
        """The next records of some kinds beyond a number: their own, their kind, their body."""
        marks = ", ".join("?" * len(kinds))
        query = f"{ROWS} where seq > ? and kind in ({marks}) order by seq limit ?"
        return [(row[0], row[1], row[4]) for row in self._read(query, seq, *kinds, most)]

    def body(self, seq: int) -> bytes:
        """What the record of this number says; it must be there."""
        return bytes(next(self._read(f"{ROWS} where seq = ?", seq))[4])

    def before(self, seq: int, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        """The records of some kinds up to a number, the newest first: their kind, their body."""
        marks = ", ".join("?" * len(kinds))
        query = f"{ROWS} where seq <= ? and kind in ({marks}) order by seq desc"
        for row in self._read(query, seq, *kinds):
            yield row[1], row[4]

    def _read(self, query: str, *values: float | str) -> Iterator[Row]:
        """Records.

        Raises:
            DamagedError: One is not as it was written; so wherever records are read.
        """
        return whole(self._connection.execute(query, values))

    def quarantine(self, like: str = "", most: int = -1) -> list[Aside]:
        """The newest messages that could not be used, the newest first.

        Args:
            like: Words that topic or reason must hold, in any case.
            most: How many; -1 for all.
        """
        query = (
            f"select id, {plausible('at')}, topic, reason, payload from quarantine "  # noqa: S608 - our own
            "where instr(lower(topic || ' ' || reason), lower(?)) order by id desc limit ?"
        )
        return [Aside(*row) for row in self._connection.execute(query, (like, most))]


def clear_quarantine(path: Path, like: str = "") -> int:
    """Forgets messages that could not be used, while the hub runs or not.

    Args:
        path: The journal.
        like: As of :meth:`Inspection.quarantine`.

    Returns:
        How many there were.

    Raises:
        JournalError: There is no journal, or it cannot be used.
        sqlite3.Error: It cannot be written, such as on a full disk.
    """
    Inspection(path).close()  # tells of a journal that is not there, or newer than this software
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with (
        closing(
            sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_S)
        ) as connection,
        transaction(connection),
    ):
        query = "delete from quarantine where instr(lower(topic || ' ' || reason), lower(?))"
        return connection.execute(query, (like,)).rowcount
