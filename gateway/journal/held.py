"""Messages that came before the hub knew what time it was: kept as they came, dated later."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from gateway.journal.database import transaction


class HeldMessage(NamedTuple):
    """One of them.

    Attributes:
        boot: Names the machine's start since when it counts.
        elapsed: Seconds from then until it came.
        clock: What the hub's clock told, right or wrong, in epoch seconds.
        topic, payload, mid, dup, retain: As the broker delivered it.
    """

    boot: str
    elapsed: float
    clock: float
    topic: str
    payload: bytes
    mid: int
    dup: bool
    retain: bool


class Held:
    """The journal as the waiting room sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(self, messages: Sequence[HeldMessage]) -> None:
        """Stores them; after this they may be acknowledged."""
        with transaction(self._connection):
            self._connection.executemany(
                "insert into held (boot, elapsed, clock, topic, payload, mid, dup, retain) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                messages,
            )

    def count(self) -> int:
        """How many wait."""
        return int(self._connection.execute("select count(*) from held").fetchone()[0])

    def next(self, most: int) -> tuple[int, list[HeldMessage]]:
        """The oldest of one boot, in the order in which they came, and the last one's number."""
        rows = self._connection.execute(
            "select id, boot, elapsed, clock, topic, payload, mid, dup, retain from held "
            "where boot = (select boot from held order by id limit 1) order by id limit ?",
            (most,),
        ).fetchall()
        taken = [HeldMessage._make([*row[1:7], bool(row[7]), bool(row[8])]) for row in rows]
        return (rows[-1][0] if rows else 0), taken

    def last_elapsed(self, boot: str) -> float:
        """How long a machine had run when the last of its messages came."""
        query = "select coalesce(max(elapsed), 0.0) from held where boot = ?"
        return float(self._connection.execute(query, (boot,)).fetchone()[0])

    def forget(self, upto: int) -> None:
        """Takes out those that were dated; within the transaction that stores what came of them."""
        self._connection.execute("delete from held where id <= ?", (upto,))
