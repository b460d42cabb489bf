"""How far time had come: one row under a sum, and what the records say where that is not right."""

import sqlite3
from typing import NamedTuple

from contract import ContractError, Quality, SensorEvent, decode
from gateway.journal.set_back import SetBack, set_backs
from gateway.journal.sums import DamagedError, Row, has_dated, is_dated, is_whole, times_sum

_LOOKED_AT = 2000
"""The newest events among which the latest is looked for: they trail each other by minutes."""


class Reached(NamedTuple):
    """How far time had come; None where nothing was heard yet.

    Attributes:
        newest: The time of the newest event that counted, in epoch seconds.
        received: The hub's clock at the last message.
    """

    newest: float | None
    received: float | None


def read_reached(connection: sqlite3.Connection) -> Reached:
    """How far time had come.

    Raises:
        DamagedError: The row is not as it was written.
    """
    row = connection.execute("select newest, received, sum from clock").fetchone()
    if row is None:
        return Reached(None, None)
    if row[2] not in {None, times_sum(*row[:2])}:
        raise DamagedError("how far time had come is not as it was written")
    return Reached(*row[:2])


def write_reached(connection: sqlite3.Connection, reached: Reached) -> None:
    """Stores it; within the caller's transaction."""
    connection.execute(
        "insert into clock values (1, ?, ?, ?) on conflict do update set "
        "newest = excluded.newest, received = excluded.received, sum = excluded.sum",
        (*reached, times_sum(*reached)),
    )


def reckoned(connection: sqlite3.Connection) -> Reached:
    """The same by what the newest events say that are as they were written."""
    query = (
        "select seq, kind, urgent, written_at, body, sum from journal where kind = 'event' "
        "order by seq desc limit ?"
    )
    rows = [row for row in connection.execute(query, (_LOOKED_AT,)) if is_whole(row)]
    wrong = set_backs(connection)
    times = [at for row in rows if (at := _counted_at(row, wrong)) is not None]
    return Reached(max(times, default=None), latest_written(rows))


def latest_written(rows: list[Row]) -> float | None:
    """When the latest of some records was written.

    Of those without a sum over that two must say so: one turned bit is years.
    """
    proved = [row[3] for row in rows if has_dated(row[5]) and is_dated(row)]
    others = sorted(row[3] for row in rows if not has_dated(row[5]))
    return max([*proved, *others[-2:-1]], default=None)


def _counted_at(row: Row, wrong: list[SetBack]) -> float | None:
    """When an event drove event time on; None where it did not."""
    try:
        event = decode(row[4], SensorEvent)
    except ContractError:
        return None
    if any(one.misdates(row[0], event) for one in wrong):
        return None
    if event.counts_at is not None:
        return event.counts_at.timestamp()
    return event.at.timestamp() if event.quality == Quality.OK else None
