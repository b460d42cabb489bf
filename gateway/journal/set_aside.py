"""Messages that could not be used, as the journal keeps the newest of them."""

import sqlite3
from collections.abc import Sequence

from gateway.journal.intake import Quarantined
from gateway.journal.sums import plausible

QUARANTINE_KEPT = 1000


def read_quarantine(connection: sqlite3.Connection, most: int) -> list[Quarantined]:
    """The newest of them, the newest first."""
    query = (
        f"select {plausible('at')}, topic, reason, payload, once from quarantine "  # noqa: S608 - our own
        "order by id desc limit ?"
    )
    return [Quarantined(*row) for row in connection.execute(query, (most,))]


def write_quarantine(connection: sqlite3.Connection, messages: Sequence[Quarantined]) -> None:
    """Sets messages aside in place of the oldest; within a transaction.

    What is kept once is kept as it was said last: so it shows who still speaks.
    """
    if not messages:
        return
    connection.executemany(
        "insert into quarantine (at, topic, reason, payload, once) values (?, ?, ?, ?, ?) "
        "on conflict (once) do update set at = excluded.at, payload = excluded.payload",
        messages,
    )
    connection.execute(
        "delete from quarantine where id <= (select max(id) from quarantine) - ?",
        (QUARANTINE_KEPT,),
    )
