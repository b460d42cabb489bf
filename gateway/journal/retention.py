"""Deletes what is old, a little at a time, and never what anybody still needs.

What the centre has not received stays, and what the engine has not gone through; so do alerts,
which are few, and the newest record. Pages that become free are filled again, so the file stays as
large as it once was: giving them back would write more to the card than it is worth.
"""

import sqlite3
from typing import NamedTuple

from gateway.journal.database import transaction
from gateway.journal.epochs import last_seq
from gateway.journal.receipts import read_receipt

DAY_S = 86_400.0
FEWEST = 100
"""Fewer old records than this wait for others: a page is not written for each of them."""

MOST = 1000
"""Records deleted at one time."""


class Keep(NamedTuple):
    """How much of the past is kept.

    Attributes:
        days: As many days, where the size allows.
        mb: The room that records may take in the file, in megabytes (10**6 bytes).
    """

    days: float
    mb: float


def thin_out(connection: sqlite3.Connection, keep: Keep, now: float) -> int:
    """Deletes the oldest records that are not kept, at most :data:`MOST`; how many.

    Args:
        connection: The journal's.
        keep: How much is kept.
        now: The hub's clock, in epoch seconds.

    Raises:
        DamagedError: How far the centre has received is not as it was written.
    """
    row = connection.execute("select kept_from from session").fetchone()
    rows = connection.execute(
        "select seq, written_at from journal where seq >= ? and seq <= ? and kind <> 'alert' "
        "order by seq limit ?",
        (row[0], _done_with(connection), MOST),
    ).fetchall()
    if not _is_too_large(connection, keep.mb):
        rows = _older(rows, now - keep.days * DAY_S)
    if len(rows) < FEWEST:
        return 0
    first, last = rows[0][0], rows[-1][0]
    with transaction(connection):
        connection.execute(
            "delete from journal where seq between ? and ? and kind <> 'alert'", (first, last)
        )
        connection.execute("update session set kept_from = ?", (last + 1,))
    return len(rows)


def _done_with(connection: sqlite3.Connection) -> int:
    """The last record that both the centre and the engine have had; never the newest."""
    receipt = read_receipt(connection)
    cursor = 0 if receipt is None else receipt.cursor
    (offset,) = connection.execute("select coalesce(max(offset), 0) from engine").fetchone()
    return min(cursor, int(offset), last_seq(connection) - 1)


def _older(rows: list[tuple[int, float]], horizon: float) -> list[tuple[int, float]]:
    """The rows before the first that is younger, whatever a clock once gone wrong wrote later."""
    for index, (_, written_at) in enumerate(rows):
        if written_at >= horizon:
            return rows[:index]
    return rows


def _is_too_large(connection: sqlite3.Connection, most_mb: float) -> bool:
    (pages,) = connection.execute("pragma page_count").fetchone()
    (free,) = connection.execute("pragma freelist_count").fetchone()
    (size,) = connection.execute("pragma page_size").fetchone()
    return float((pages - free) * size) > most_mb * 1e6
