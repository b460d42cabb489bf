"""Reads from the database what a page of metrics tells of the centre as a whole."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from api.clock import Clock, utc_now
from api.operation.metrics import Metrics
from api.operation.sql import SQL
from api.refusals import DatabaseAway
from api.store.database import Connection, Database
from api.store.migrate import MigrationError, pending
from api.store.reach import AS_CONNECTED, CENTRE
from api.store.timekeeper import database_time

log = logging.getLogger(__name__)

KEEP_SECONDS = 5.0
"""What was read is told again for so long, however often a page is asked for."""
STATES = ("raised", "claimed", "suspended", "escalated", "shelved")
PRIORITIES = ("urgent", "advisory", "technical")


class Survey:
    """Brings the gauges up to date. While the database is away they stay, and say since when.

    Args:
        database: What is read.
        clock: The centre's.
        metrics: Where the gauges are.
        machine: This machine's own clock, that is compared with the database's.
        monotonic: Seconds by a clock that only runs forward.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        *,
        machine: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._machine = machine
        self._monotonic = monotonic
        self._read_s: float | None = None

    async def look(self) -> None:
        """Reads everything anew, unless it was done a moment ago."""
        began = self._monotonic()
        self._pool()
        if self._read_s is not None and began - self._read_s < KEEP_SECONDS:
            return
        try:
            async with self._database.transaction(AS_CONNECTED) as connection:
                missing = await pending(connection)
                shown = await database_time(connection)
                ahead = self._machine() - shown
            now = self._clock()
            async with self._database.transaction(CENTRE) as connection:
                await self._read(connection, now)
        except (DatabaseAway, MigrationError) as error:
            log.warning("metrics are as they were: %s", error)
            return
        self._metrics.clock_ahead.set(ahead.total_seconds())
        self._metrics.migrations.set(len(missing))
        self._metrics.survey.set(now.timestamp())
        self._read_s = began

    async def _read(self, connection: Connection, now: datetime) -> None:
        to = self._metrics
        hubs = await connection.fetchrow(SQL.hubs)
        for state in ("heard", "silent"):
            to.hubs.labels(state).set(hubs[state])
        found = await connection.fetch(SQL.alerts, now)
        known = {(row["priority"] or "urgent", row["state"]): row for row in found}
        for priority in PRIORITIES:
            for state in STATES:
                row = known.get((priority, state))
                to.alerts.labels(priority, state).set(row["n"] if row else 0)
                to.oldest.labels(priority, state).set(max(0.0, row["oldest"]) if row else 0)
        to.missed.clear()
        for row in await connection.fetch(SQL.missed, now):
            to.missed.labels(row["priority"], str(row["level"])).set(row["n"])
        outbox = await connection.fetchrow(SQL.outbox, now)
        for state in ("waiting", "dead"):
            to.outbox.labels(state).set(outbox[state])
        to.waiting.set(max(0.0, outbox["oldest"]))

    def _pool(self) -> None:
        used, idle, most = self._database.pool()
        for use, number in (("used", used), ("idle", idle), ("most", most)):
            self._metrics.pool.labels(use).set(number)
