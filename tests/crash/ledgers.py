"""What the hub's journal and the centre's database hold, read beside whoever writes them."""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from api.store.database import AWAY
from contract import Alert, HubHealth, RecordKind, SensorEvent, decode
from gateway.journal import Journal
from tests.crash.household import START

_NEWEST = "select body from journal where kind = 'event' order by seq desc limit 1"


class HubLedger:
    """The hub's journal."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def newest(self) -> datetime:
        """The time of the event that was journalled last; before any, when the story begins."""
        with suppress(sqlite3.Error), closing(self._open()) as connection:
            row = connection.execute(_NEWEST).fetchone()
            return START if row is None else decode(row[0], SensorEvent).at
        return START

    def is_received(self) -> bool:
        """Whether the centre has received all that is journalled."""
        with Journal.open_read_only(self._path) as journal:
            return journal.outbox.cursor == journal.last_seq

    def received(self) -> int:
        """The centre has all records up to this number."""
        with Journal.open_read_only(self._path) as journal:
            return journal.outbox.cursor

    def last_number(self) -> int:
        """The number of the newest record."""
        with Journal.open_read_only(self._path) as journal:
            return journal.last_seq

    def events(self) -> list[SensorEvent]:
        """Every event, in the order in which it was journalled."""
        with Journal.open_read_only(self._path) as journal:
            return list(journal.events_until(10**9))

    def events_by_number(self) -> dict[int, SensorEvent]:
        """Every event by its record's number."""
        with Journal.open_read_only(self._path) as journal:
            found = journal.records(RecordKind.EVENT)
            return {seq: decode(body, SensorEvent) for seq, body in found}

    def alerts_by_number(self) -> dict[int, Alert]:
        """Every word on an alert by its record's number."""
        with Journal.open_read_only(self._path) as journal:
            return {seq: decode(body, Alert) for seq, body in journal.records(RecordKind.ALERT)}

    def numbers(self) -> set[int]:
        """The numbers of all records that can be read."""
        with closing(self._open()) as connection:
            return {row[0] for row in connection.execute("select seq from journal")}

    def answers(self) -> list[bytes]:
        """Every assessment and every word on an alert, in order, byte for byte."""
        kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
        with Journal.open_read_only(self._path) as journal:
            return [body for _, body in sorted(one for k in kinds for one in journal.records(k))]

    def counters(self) -> dict[str, int]:
        """What the hub has counted."""
        with Journal.open_read_only(self._path) as journal:
            return dict(journal.counters())

    def epochs(self) -> list[str]:
        """Why each stretch of numbers began."""
        with closing(self._open()) as connection:
            rows = connection.execute("select reason from epochs order by base").fetchall()
            return [str(row[0]) for row in rows]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)


class CentreLedger:
    """The centre's database."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def newest(self) -> datetime:
        """The time of the newest event; when the story begins where there is none, or no answer."""
        try:
            rows = await self._fetch("select max(at) from event")
        except AWAY:
            return START
        return rows[0][0] or START

    async def received_all(self) -> bool:
        """Whether there is no hole in what has been received."""
        rows = await self._fetch("select received from journal where not isempty(received)")
        return all(len(row[0]) == 1 and row[0][0].lower == 1 for row in rows)

    async def events(self) -> list[SensorEvent]:
        """Every event, as its hub sent it."""
        rows = await self._fetch("select body::text from event order by journal, seq")
        return [decode(row[0], SensorEvent) for row in rows]

    async def alerts(self) -> list[Alert]:
        """Every alert, in the version that holds."""
        rows = await self._fetch("select body::text from alert order by id")
        return [decode(row[0], Alert) for row in rows]

    async def counters(self) -> dict[str, int]:
        """What the hub has counted, by its newest heartbeat."""
        rows = await self._fetch("select health::text from hub where health is not null")
        return dict(decode(rows[0][0], HubHealth).counters)

    async def epochs(self) -> int:
        """How often the hub's numbers began anew."""
        return int((await self._fetch("select count(*) from journal"))[0][0])

    async def repeated_words(self) -> int:
        """How often a version of an alert was stored that was there already."""
        query = "select count(*) - count(distinct (alert, version)) from alert_report"
        return int((await self._fetch(query))[0][0])

    async def refused(self) -> int:
        """How many records could not be read."""
        return int((await self._fetch("select count(*) from refused_record"))[0][0])

    async def _fetch(self, query: str) -> list[Any]:
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            return list(await connection.fetch(query, timeout=5))
        finally:
            connection.terminate()
