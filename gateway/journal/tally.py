"""Counts records by kind beyond a number, again and again, without reading all of them each time.

A hub without a centre has years of records waiting; to count them takes a second on a small
machine, and every heartbeat tells it. Records never change and are only added at the end, so what
was counted before need not be counted again.
"""

import sqlite3
from collections import Counter


class Tally:
    """The records of a journal, by kind.

    Args:
        connection: To the journal, which only this process writes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()
        self._low = self._high = 0

    def beyond(self, cursor: int) -> dict[str, int]:
        """How many there are with higher numbers, by kind; kinds without any are left out."""
        first, last = self._ends()
        low = min(max(cursor, first - 1), last)
        if self._low < first - 1 or low < self._low or last < self._high:
            # What was counted has been removed, or counts again: begin anew.
            self._counts, self._low, self._high = Counter(), low, low
        self._counts.subtract(self._between(self._low, low))
        self._counts.update(self._between(self._high, last))
        self._low, self._high = low, last
        return {kind: count for kind, count in sorted(self._counts.items()) if count}

    def _ends(self) -> tuple[int, int]:
        """The numbers of the oldest and the newest record; 1 and 0 where there is none."""
        # One by one: SQLite looks up either end of an index, but for both at once it reads it all.
        query = "select (select min(seq) from journal), (select max(seq) from journal)"
        first, last = self._connection.execute(query).fetchone()
        return (1, 0) if first is None else (int(first), int(last))

    def _between(self, low: int, high: int) -> Counter[str]:
        """Records beyond `low`, up to and with `high`."""
        if low >= high:
            return Counter()
        query = "select kind, count(*) from journal where seq > ? and seq <= ? group by kind"
        return Counter(dict(self._connection.execute(query, (low, high))))
