"""Looks at every sum in a journal: SQLite knows whether pages hang together, not what they say."""

import sqlite3
from collections.abc import Callable, Iterator

from gateway.journal.epochs import epochs_of
from gateway.journal.lasting import read_spells
from gateway.journal.leap import read_leaps
from gateway.journal.reached import read_reached
from gateway.journal.receipts import read_receipt
from gateway.journal.set_back import set_backs
from gateway.journal.states import read_states
from gateway.journal.sums import DamagedError, is_dated, is_whole, memory_sum, name_sum
from gateway.journal.switches import read_switches

ROWS = "select seq, kind, urgent, written_at, body, sum from journal"
"""A record as a sum is over it."""


def check_small(connection: sqlite3.Connection) -> None:
    """Looks at the sums of what is read before anything else, and by which all else is judged.

    Raises:
        DamagedError: One is not right.
    """
    for read in _SMALL:
        read(connection)


def unsound(connection: sqlite3.Connection) -> Iterator[str]:
    """Everything in a journal that is not as it was written; reads all of it."""
    for read in (*_SMALL, _identity, epochs_of):
        try:
            read(connection)
        except DamagedError as error:
            yield str(error)
    if devices := len(read_states(connection).damaged):
        yield f"what is remembered of {devices} devices is not as it was written"
    if spells := len(read_spells(connection).damaged):
        yield f"{spells} of the pauses, times away and tests are not as they were written"
    for row in connection.execute(f"{ROWS} order by seq"):
        if not (is_whole(row) and is_dated(row)):
            yield f"record {row[0]} is not as it was written"


def _memory(connection: sqlite3.Connection) -> None:
    row = connection.execute("select offset, driven, checkpoint, sum from engine").fetchone()
    if row is not None and row[3] not in {None, memory_sum(*row[:3])}:
        raise DamagedError("what the engine had learned is not as it was written")


def _identity(connection: sqlite3.Connection) -> None:
    row = connection.execute("select hub, home, sum from identity").fetchone()
    if row is None or row[2] not in {None, name_sum(*row[:2])}:
        raise DamagedError("whose it is is not as it was written")


_SMALL: tuple[Callable[[sqlite3.Connection], object], ...] = (
    read_reached,
    read_receipt,
    set_backs,
    read_leaps,
    read_switches,
    _memory,
)
