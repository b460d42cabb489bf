"""The last deliveries of the broker, as the journal keeps them: to know one that comes again."""

import math
import sqlite3
from collections.abc import Sequence

from gateway.journal.intake import Delivery

DELIVERIES_KEPT = 4096


def read_deliveries(connection: sqlite3.Connection) -> list[Delivery]:
    """The last deliveries, the oldest first."""
    # On a page that was written in another's place the columns hold whatever stood there.
    query = "select mid, digest, iif(typeof(at) = 'real', at, null) from deliveries order by number"
    rows = connection.execute(query)
    return [Delivery(mid, digest, -math.inf if at is None else at) for mid, digest, at in rows]


def write_deliveries(connection: sqlite3.Connection, deliveries: Sequence[Delivery]) -> None:
    """Keeps what was delivered in place of the oldest; within a transaction."""
    first = connection.execute("select coalesce(max(number), 0) + 1 from deliveries")
    numbered = enumerate(deliveries, start=first.fetchone()[0])
    connection.executemany(
        "insert or replace into deliveries values (?, ?, ?, ?, ?)",
        [(number % DELIVERIES_KEPT, number, *one) for number, one in numbered],
    )
