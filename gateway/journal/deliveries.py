"""The last deliveries of the broker, as the journal keeps them: to know one that comes again."""

import sqlite3
from collections.abc import Sequence

from gateway.journal.intake import Delivery

DELIVERIES_KEPT = 4096


def read_deliveries(connection: sqlite3.Connection) -> list[Delivery]:
    """The last deliveries, the oldest first."""
    rows = connection.execute("select mid, digest from deliveries order by number")
    return [Delivery(*row) for row in rows]


def write_deliveries(connection: sqlite3.Connection, deliveries: Sequence[Delivery]) -> None:
    """Keeps what was delivered in place of the oldest; within a transaction."""
    first = connection.execute("select coalesce(max(number), 0) + 1 from deliveries")
    numbered = enumerate(deliveries, start=first.fetchone()[0])
    connection.executemany(
        "insert or replace into deliveries values (?, ?, ?, ?)",
        [(number % DELIVERIES_KEPT, number, *one) for number, one in numbered],
    )
