"""Where the hub's clock leapt ahead: what it passed over is no time for who counts a silence.

Each is noted before anything beyond it is judged, so that whoever goes through the journal again
meets it just where the hub did.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gateway.journal.set_back import SetBack
from gateway.journal.sums import DamagedError, name_sum, times_sum

_COLUMNS = "select id, after, since, until, sum from leap order by id"


class Leap(NamedTuple):
    """One of them.

    Attributes:
        after: The number of the newest record then.
        since: All that had been judged lies before, by the hub's clock, in epoch seconds.
        until: Where the clock stood then.
    """

    after: int
    since: float
    until: float


def read_leaps(connection: sqlite3.Connection) -> list[Leap]:
    """All of them, the earliest first.

    Raises:
        DamagedError: One is not as it was written: a silence would be taken for longer or shorter.
    """
    rows = connection.execute(_COLUMNS).fetchall()
    if any(row[4] != times_sum(*row[1:4]) for row in rows):
        raise DamagedError("where the clock leapt is not as it was written")
    return [Leap(*row[1:4]) for row in rows]


def write_leap(connection: sqlite3.Connection, one: Leap) -> None:
    """Notes one; within the caller's transaction."""
    query = "insert into leap (after, since, until, sum) values (?, ?, ?, ?)"
    connection.execute(query, (*one, times_sum(*one)))


def forget_damaged_leaps(connection: sqlite3.Connection) -> None:
    """Deletes what was carried over as it stood and is not as it was written."""
    for number, *row in connection.execute(_COLUMNS).fetchall():
        if row[3] != times_sum(*row[:3]):
            connection.execute("delete from leap where id = ?", (number,))


def as_they_stand(leaps: Iterable[Leap], backs: Sequence[SetBack]) -> list[Leap]:
    """Leaps once event time was set back: none reaches beyond that, nor lies there as a whole.

    What is left of one is the time in which the wrong clock ran, of which nothing is believed.

    Args:
        leaps: The earliest first.
        backs: Of all times that event time was set back, those that are over.
    """
    cut = (
        one._replace(until=min([one.until, *(b.line for b in backs if b.after >= one.after)]))
        for one in leaps
    )
    return [one for one in cut if one.until > one.since]


def read_started(connection: sqlite3.Connection) -> tuple[str, float] | None:
    """The machine's last start that is known, by its name, and when it was; None where none is."""
    row = connection.execute("select boot, at, sum from started").fetchone()
    return None if row is None or row[2] != _sum(*row[:2]) else row[:2]


def write_started(connection: sqlite3.Connection, boot: str, at: float) -> None:
    """Notes it; within the caller's transaction."""
    row = (boot, at, _sum(boot, at))
    connection.execute("insert or replace into started values (1, ?, ?, ?)", row)


def _sum(boot: str, at: float) -> int:
    return name_sum(boot, repr(at))
