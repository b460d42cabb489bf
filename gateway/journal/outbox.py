"""What the centre has not received yet: the journal beyond a cursor that only the centre moves."""

import sqlite3

import msgspec

from contract import MAX_EPOCHS, Record
from gateway.journal.database import transaction
from gateway.journal.epochs import Epoch, begin_epoch, epochs_of, last_seq, last_taken
from gateway.journal.receipts import Receipt, read_receipt, write_receipt
from gateway.journal.sums import whole
from gateway.journal.tally import Tally

LOST = "lost"
"""The kind of a record that the hub can no longer read, so that the centre need not wait for it."""

_LOST_BODY = msgspec.Raw(b'{"v":1,"text":"The hub can no longer read this record."}')
_EPOCHS_BEFORE = """
    select epoch from epochs e
    where base < ? and exists (
        select 1 from journal where kind = 'alert' and seq > e.base
            and seq <= (select min(next.base) from epochs next where next.base > e.base))
    order by base desc limit ?
"""
_FIRST_BASE = "select coalesce(min(base), 0) from epochs"
_ONLY_IN_TURN = """
    select exists (
        select 1 from journal where seq > ? and seq <= ? and kind not in ('alert', 'health'))
"""
_ROWS = "select seq, kind, urgent, written_at, body, sum from journal"


class Outbox:
    """The journal as the uplink sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._tally = Tally(connection)

    @property
    def cursor(self) -> int:
        """Every record up to this number is stored at the centre, by its last receipt.

        No record from before the first epoch is kept.

        Raises:
            DamagedError: That receipt is not as it was written.
        """
        receipt = read_receipt(self._connection)
        base = int(self._connection.execute(_FIRST_BASE).fetchone()[0])
        return base if receipt is None else max(base, receipt.cursor)

    @property
    def receipt_at(self) -> float | None:
        """When the centre last gave a receipt; None if it never did."""
        receipt = read_receipt(self._connection)
        return None if receipt is None else receipt.at

    def move(self, cursor: int, at: float) -> None:
        """Takes the centre's word for what it has; it may be less than was thought."""
        with transaction(self._connection):
            write_receipt(self._connection, Receipt(cursor, at))

    def begin_anew(self, base: int, reason: str, at: float) -> None:
        """Has what follows the record numbered `base` count in a new epoch."""
        with transaction(self._connection):
            begin_epoch(self._connection, base, reason, at)

    def taken_at(self) -> float | None:
        """When the centre last had other records by these numbers; None if it never did."""
        return last_taken(self._connection)

    @property
    def last(self) -> int:
        """The number of the newest record; 0 before the first."""
        return last_seq(self._connection)

    def epochs(self) -> list[Epoch]:
        """Under which names the centre knows the records, the oldest first."""
        return epochs_of(self._connection)

    def epochs_before(self, base: int) -> list[str]:
        """The newest epochs with alerts that began before the one of that base, the oldest first.

        At most `MAX_EPOCHS`.
        """
        rows = self._connection.execute(_EPOCHS_BEFORE, (base, MAX_EPOCHS)).fetchall()
        return [name for (name,) in reversed(rows)]

    def waiting(self) -> int:
        """How many records the centre has not received."""
        return max(0, self.last - self.cursor)

    def waiting_by_kind(self) -> dict[str, int]:
        """The same, by the kind of record."""
        return self._tally.beyond(self.cursor)

    def waiting_since(self) -> float | None:
        """When the oldest of them was written, in epoch seconds."""
        query = "select written_at from journal where seq > ? order by seq limit 1"
        row = self._connection.execute(query, (self.cursor,)).fetchone()
        return float(row[0]) if row else None

    def records(
        self, after: int, most: int, most_bytes: int, until: int | None = None
    ) -> list[Record]:
        """The next records after a number: as many as fit, and at least one where there is one.

        A number that can no longer be read comes as a record of kind :data:`LOST`.

        Args:
            after: The number before the first.
            most: How many at most.
            most_bytes: How long their bodies may be together.
            until: The last number to be given; by default the newest.

        Raises:
            DamagedError: One is not as it was written.
        """
        end = min(after + most, self.last if until is None else until)
        query = f"{_ROWS} where seq > ? and seq <= ? order by seq"
        taken: list[Record] = []
        size = 0
        for seq, kind, _, _, body, _ in whole(self._connection.execute(query, (after, end))):
            size += len(body)
            taken += _lost(after + len(taken) + 1, seq)
            if taken and size > most_bytes:
                return taken
            taken.append(Record(seq=seq, kind=kind, body=msgspec.Raw(body)))
        return taken + _lost(after + len(taken) + 1, end + 1)

    def urgent(self, after: int, most: int) -> list[Record]:
        """The urgent alerts after a number, the oldest first."""
        return self._chosen("urgent = 1", after, most)

    def other_alerts(self, after: int, most: int) -> list[Record]:
        """The alerts after a number that are not urgent, the oldest first."""
        return self._chosen("kind = 'alert' and urgent = 0", after, most)

    def newest_health(self, after: int) -> list[Record]:
        """The newest heartbeat after a number, if any; those before it tell of the past."""
        query = f"{_ROWS} where kind = 'health' and seq > ? order by seq desc limit 1"
        return self._read(query, (after,))

    def has_only_in_turn(self, after: int, until: int) -> bool:
        """Whether one of the records after a number never goes ahead, up to another number."""
        (found,) = self._connection.execute(_ONLY_IN_TURN, (after, until)).fetchone()
        return bool(found)

    def newest_until(self, seq: int) -> int | None:
        """The number of the newest record that is kept, up to that one; None without one."""
        query = "select max(seq) from journal where seq <= ?"
        found: int | None = self._connection.execute(query, (seq,)).fetchone()[0]
        return found

    def _chosen(self, which: str, after: int, most: int) -> list[Record]:
        query = f"{_ROWS} where {which} and seq > ? order by seq limit ?"
        return self._read(query, (after, most))

    def _read(self, query: str, values: tuple[int, ...]) -> list[Record]:
        rows = whole(self._connection.execute(query, values))
        return [
            Record(seq=seq, kind=kind, body=msgspec.Raw(body)) for seq, kind, _, _, body, _ in rows
        ]


def _lost(first: int, beyond: int) -> list[Record]:
    """A word for each number from the first up to, but without, `beyond`."""
    return [Record(seq=seq, kind=LOST, body=_LOST_BODY) for seq in range(first, beyond)]
