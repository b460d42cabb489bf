"""Looks into a journal beside the running hub, for people; and the little that they may clear."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from contract import HubHealth, RecordKind, SensorEvent, decode
from gateway.journal.database import JournalError, connect_read_only, transaction
from gateway.journal.leap import read_leaps
from gateway.journal.set_back import set_backs
from gateway.journal.switches import read_switches

_BUSY_S = 10.0


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
        """What is wrong with the file, by SQLite and by the sums of what all else is judged by.

        Nothing, in one that is whole.
        """
        try:
            rows = self._connection.execute("pragma quick_check(5)").fetchall()
            set_backs(self._connection)
            read_leaps(self._connection)
            read_switches(self._connection)
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [text for (text,) in rows if text != "ok"]

    def newest_health(self) -> HubHealth | None:
        """The last heartbeat; None where there is none yet."""
        query = "select body from journal where kind = ? order by seq desc limit 1"
        row = self._connection.execute(query, (RecordKind.HEALTH,)).fetchone()
        return decode(row[0], HubHealth) if row else None

    def last_seq(self) -> int:
        """The number of the newest record; 0 before the first."""
        row = self._connection.execute("select coalesce(max(seq), 0) from journal").fetchone()
        return int(row[0])

    def newest_events(self, since: float) -> Iterator[SensorEvent]:
        """Events that were written since a moment (epoch seconds), the newest first."""
        query = "select written_at, body from journal where kind = 'event' order by seq desc"
        for written_at, body in self._connection.execute(query):
            if written_at < since:
                return
            yield decode(body, SensorEvent)

    def after(self, seq: int, kinds: tuple[str, ...], most: int) -> list[tuple[int, str, bytes]]:
        """The next records of some kinds beyond a number: their own, their kind, their body."""
        marks = ", ".join("?" * len(kinds))
        query = (
            f"select seq, kind, body from journal where seq > ? and kind in ({marks}) "  # noqa: S608 - marks alone
            "order by seq limit ?"
        )
        return list(self._connection.execute(query, (seq, *kinds, most)))

    def body(self, seq: int) -> bytes:
        """What the record of this number says; it must be there."""
        row = self._connection.execute("select body from journal where seq = ?", (seq,)).fetchone()
        return bytes(row[0])

    def before(self, seq: int, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        """The records of some kinds up to a number, the newest first: their kind, their body."""
        marks = ", ".join("?" * len(kinds))
        query = (
            f"select kind, body from journal where seq <= ? and kind in ({marks}) "  # noqa: S608 - marks alone
            "order by seq desc"
        )
        yield from self._connection.execute(query, (seq, *kinds))

    def quarantine(self, like: str = "", most: int = -1) -> list[Aside]:
        """The newest messages that could not be used, the newest first.

        Args:
            like: Words that topic or reason must hold, in any case.
            most: How many; -1 for all.
        """
        query = (
            "select id, at, topic, reason, payload from quarantine "
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
