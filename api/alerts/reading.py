"""Seeing alerts: the queue, one alert with all that is known of it, those of a home."""

import msgspec

from api.alerts import rows
from api.alerts.sql import SQL
from api.alerts.views import AlertDetail, AlertSummary, Queue, SilentHub
from api.audit.note import ALERT, HOME, note
from api.clock import Clock
from api.identity.people import Member, User
from api.identity.permissions import Permission, roles
from api.outbox.told import tellings
from api.refusals import NotFound
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import CENTRE, Reach

LANES = {1: "urgent", 2: "advisory", 3: "technical"}
EARLIER = 20
"""Other alerts of the home that are shown beside one."""
MOST_SILENT = 1000
"""Hubs that are shown of an alert about many."""
_QUEUE_READ = ("queue.read", "queue")


class Reading:
    """What staff see of alerts.

    Args:
        database: Where they are.
        clock: Decides whether a lease has run out.
        cover: Opens notes and reasons.
    """

    def __init__(self, database: Database, clock: Clock, cover: Cover) -> None:
        self._database = database
        self._clock = clock
        self._cover = cover

    async def queue(self, reach: Reach, *, limit: int = 200) -> Queue:
        """What is not resolved, at most `limit` in each lane, the longest waiting first."""
        async with self._database.transaction(reach) as connection:
            found = await self._queue(connection, limit)
            await note(connection, self._clock(), *_QUEUE_READ)
        return found

    async def queue_unseen(self, reach: Reach, *, limit: int = 200) -> Queue:
        """The same, to be shared: each who is shown it is noted by :meth:`queue_seen` before."""
        async with self._database.transaction(reach) as connection:
            return await self._queue(connection, limit)

    async def queue_seen(self, reach: Reach) -> None:
        """Notes that somebody is about to see the queue."""
        async with self._database.transaction(reach) as connection:
            await note(connection, self._clock(), *_QUEUE_READ)

    async def _queue(self, connection: Connection, limit: int) -> Queue:
        found = await connection.fetch(SQL.queue, limit)
        shelf = await connection.fetch(SQL.shelf, limit)
        totals = await connection.fetch(SQL.totals)
        now = self._clock()
        lanes: dict[str, list[AlertSummary]] = {name: [] for name in LANES.values()}
        for row in found:
            lanes[LANES[row["lane"]]].append(rows.summary(row, now, self._cover))
        counted = {LANES[row["lane"]]: row["n"] for row in totals}
        return Queue(
            **lanes,
            total={name: counted.get(name, 0) for name in lanes},
            shelved=[rows.summary(row, now, self._cover) for row in shelf],
        )

    async def deeds(self, by: Member) -> set[str]:
        """What they have ever done to an alert: words of :class:`api.alerts.lifecycle.Action`."""
        async with self._database.transaction(by.reach) as connection:
            return {row["action"] for row in await connection.fetch(SQL.deeds, by.id)}

    async def one(self, reach: Reach, alert: int) -> AlertDetail:
        """One alert with its evidence, its history, who was told and the home's other alerts.

        Raises:
            NotFound: There is no alert of that number.
        """
        async with self._database.transaction(reach) as connection:
            row = await connection.fetchrow(SQL.one, alert)
            if row is None:
                raise NotFound(f"There is no alert {alert}.")
            shown = rows.summary(row, self._clock(), self._cover)
            body = await connection.fetchval(SQL.body, alert)
            history = await connection.fetch(SQL.history, alert)
            earlier = await connection.fetch(SQL.of_home, shown.home, alert, EARLIER)
            silent = await connection.fetch(SQL.silent, alert, MOST_SILENT)
            told = await tellings(connection, alert)
            now = self._clock()
            await note(connection, now, "alert.read", ALERT, alert)
        return AlertDetail(
            alert=shown,
            report=msgspec.Raw(body.encode()),
            history=[rows.entry(row, self._cover) for row in history],
            earlier=[rows.summary(row, now, self._cover) for row in earlier],
            silent=[SilentHub(**row) for row in silent],
            told=told,
        )

    async def of_home(self, reach: Reach, home: str, *, limit: int = EARLIER) -> list[AlertSummary]:
        """A home's alerts, resolved ones too, the newest first."""
        async with self._database.transaction(reach) as connection:
            found = await connection.fetch(SQL.of_home, home, 0, limit)
            now = self._clock()
            if found:
                await note(connection, now, "alerts.read", HOME, home)
        return [rows.summary(row, now, self._cover) for row in found]

    async def colleagues(self, alert: int, me: Member) -> list[User]:
        """Who else looks after the home of an alert and handles alerts, by name.

        Raises:
            NotFound: There is no alert of that number.
        """
        async with self._database.transaction(me.reach) as connection:
            organisation = await connection.fetchval(SQL.organisation, alert)
        if organisation is None:
            raise NotFound(f"There is no alert {alert}.")
        async with self._database.transaction(CENTRE) as connection:
            handlers = roles(Permission.HANDLE_ALERTS)
            found = await connection.fetch(SQL.colleagues, organisation, me.id, handlers)
        return [User(**row) for row in found]
