"""Where event time was set back after a wrong clock had carried it ahead.

What was dated by that clock stays in the journal as it was told to the centre. The engine is never
again taught from it, at whatever restart, and a replay decides the same. But a call for help is one
whenever it was made: it counts at the moment to which event time was set back.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from contract import Kind, Quality, SensorEvent, utc
from gateway.journal.sums import DamagedError, times_sum


class SetBack(NamedTuple):
    """One time that event time was set back.

    Attributes:
        after: The number of the newest record then.
        line: The hub's clock then, right again, in epoch seconds.
        passed: How far time had been let pass before, in epoch seconds.
    """

    after: int
    line: float
    passed: float

    def misdates(self, seq: int, event: SensorEvent) -> bool:
        """Whether an event was dated by the wrong clock."""
        if seq > self.after:
            return False
        at = event.at if event.counts_at is None else event.counts_at
        return at.timestamp() > self.line


def set_backs(connection: sqlite3.Connection) -> list[SetBack]:
    """All of them, the earliest first.

    Raises:
        DamagedError: One is not as it was written: what it misdates would be believed.
    """
    rows = connection.execute(
        "select after, line, passed, sum from set_back order by after"
    ).fetchall()
    if any(row[3] != times_sum(*row[:3]) for row in rows):
        raise DamagedError("where event time was set back is not as it was written")
    return [SetBack(*row[:3]) for row in rows]


def write_set_back(connection: sqlite3.Connection, one: SetBack) -> None:
    """Notes one; within the caller's transaction."""
    row = (*one, times_sum(*one))
    connection.execute("insert or replace into set_back values (?, ?, ?, ?)", row)


def believed(
    rows: Iterable[tuple[int, SensorEvent]], wrong: Sequence[SetBack]
) -> Iterator[SensorEvent]:
    """Numbered events, but for those that a wrong clock dated; of these, calls for help alone."""
    for seq, event in rows:
        lines = [one.line for one in wrong if one.misdates(seq, event)]
        if not lines:
            yield event
        elif event.kind == Kind.BUTTON and event.quality != Quality.REPLAYED:
            yield _as_call(event, utc(min(lines)))


def _as_call(event: SensorEvent, line: datetime) -> SensorEvent:
    """A call that a wrong clock dated, as one of an unsure time."""
    return msgspec.structs.replace(
        event, at=min(event.at, line), quality=Quality.CLOCK_UNSURE, counts_at=line
    )
