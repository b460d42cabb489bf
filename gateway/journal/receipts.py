"""How far the centre has received, by its own word: one row under a sum.

A bit that turned over there would have the hub keep from the centre what it never had, and delete
it in time.
"""

import sqlite3
from typing import NamedTuple

from gateway.journal.sums import DamagedError, times_sum


class Receipt(NamedTuple):
    """The centre's last word.

    Attributes:
        cursor: Every record up to this number is stored there.
        at: When it said so, in epoch seconds.
    """

    cursor: int
    at: float


def read_receipt(connection: sqlite3.Connection) -> Receipt | None:
    """The last one; None if the centre never gave one.

    Raises:
        DamagedError: The row is not as it was written.
    """
    row = connection.execute("select cursor, receipt_at, sum from uplink").fetchone()
    if row is None:
        return None
    receipt = Receipt(*row[:2])
    # On a page that was written in another's place the columns hold whatever stood there.
    typed = isinstance(row[0], int) and isinstance(row[1], float)
    if not typed or row[2] not in {None, times_sum(*receipt)}:
        raise DamagedError("how far the centre has received is not as it was written")
    return receipt


def write_receipt(connection: sqlite3.Connection, receipt: Receipt) -> None:
    """Stores one; within the caller's transaction."""
    row = (receipt.cursor, float(receipt.at))  # as it will be read, for the sum is over that
    connection.execute("insert or replace into uplink values (1, ?, ?, ?)", (*row, times_sum(*row)))
