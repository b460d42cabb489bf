"""What the centre has not received yet: the journal beyond a cursor that only the centre moves."""

import sqlite3

import msgspec

from contract import Record
from gateway.journal.database import transaction
from gateway.journal.tally import Tally


class Outbox:
    """The journal as the uplink sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._tally = Tally(connection)

    @property
    def cursor(self) -> int:
        """Every record up to this number is stored at the centre, by its last receipt."""
        row = self._connection.execute("select cursor from uplink").fetchone()
        return int(row[0]) if row else 0

    @property
    def receipt_at(self) -> float | None:
        """When the centre last gave a receipt; None if it never did."""
        row = self._connection.execute("select receipt_at from uplink").fetchone()
        return float(row[0]) if row else None

    def move(self, cursor: int, at: float) -> None:
        """Takes the centre's word for what it has; it may be less than was thought."""
        with transaction(self._connection):
            self._connection.execute(
                "insert into uplink values (1, ?, ?) on conflict do update "
                "set cursor = excluded.cursor, receipt_at = excluded.receipt_at",
                (cursor, at),
            )

    @property
    def last(self) -> int:
        """The number of the newest record; 0 before the first."""
        query = "select coalesce(max(seq), 0) from journal"
        return int(self._connection.execute(query).fetchone()[0])

    def waiting(self) -> int:
        """How many records the centre has not received."""
        query = "select count(*) from journal where seq > ?"
        return int(self._connection.execute(query, (self.cursor,)).fetchone()[0])

    def waiting_by_kind(self) -> dict[str, int]:
        """The same, by the kind of record."""
        return self._tally.beyond(self.cursor)

    def waiting_since(self) -> float | None:
        """When the oldest of them was written, in epoch seconds."""
        query = "select written_at from journal where seq > ? order by seq limit 1"
        row = self._connection.execute(query, (self.cursor,)).fetchone()
        return float(row[0]) if row else None

    def records(self, after: int, most: int, most_bytes: int) -> list[Record]:
        """The next records after a number: as many as fit, and at least one where there is one."""
        query = "select seq, kind, body from journal where seq > ? order by seq limit ?"
        taken: list[Record] = []
        size = 0
        for seq, kind, body in self._connection.execute(query, (after, most)):
            size += len(body)
            if taken and size > most_bytes:
                break
            taken.append(Record(seq=seq, kind=kind, body=msgspec.Raw(body)))
        return taken

    def urgent(self, after: int, most: int) -> list[Record]:
        """The urgent alerts after a number."""
        query = (
            "select seq, kind, body from journal where urgent = 1 and seq > ? order by seq limit ?"
        )
        rows = self._connection.execute(query, (after, most))
        return [Record(seq=seq, kind=kind, body=msgspec.Raw(body)) for seq, kind, body in rows]
