"""Looks at the floor: for the wallboard, for who answers for a shift, for the next shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.alerts.duties import Duty
from api.audit.note import note
from api.clock import Clock
from api.floor import figures
from api.floor.views import Absent, Ended, Floor, Hand, HubsNow, Shift
from api.identity.people import Member
from api.identity.permissions import Permission
from api.reports.service import SQL as OF_A_TIME
from api.store.database import Connection, Database
from api.store.queries import load

HOURS = 12
"""Hours of which the floor tells whether promises were kept: a shift, and the one before."""


@dataclass(frozen=True)
class _Sql:
    organisations: str
    duties: str
    open: str
    hubs: str
    unwatched: str
    tasks: str
    hands: str
    ended: str
    absent: str


SQL = load(_Sql)


class Floors:
    """The floor as it is now.

    Args:
        database: Where everything is.
        clock: The centre's.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def now(self, by: Member) -> Floor:
        """What waits, whether promises are kept, what is heard.

        Raises:
            NotAllowed: They may not see alerts.
        """
        by.demand(Permission.READ_ALERTS)
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            made = figures.promises(
                (row["organisation"], _duty(row)) for row in await connection.fetch(SQL.duties)
            )
            open_now = await connection.fetch(SQL.open)
            organisations = [
                row["organisation"] for row in await connection.fetch(SQL.organisations)
            ]
            alerts = await _came_in(connection, organisations, figures.first_hour(now, HOURS), now)
            hubs = await connection.fetchrow(SQL.hubs)
            tasks = await connection.fetchrow(SQL.tasks, now)
            unwatched = await connection.fetchval(SQL.unwatched)
        urgent = [duty for one in organisations if (duty := figures.promise(made, one, "urgent"))]
        return Floor(
            made_at=now,
            lanes=figures.lanes(open_now, made, now),
            hours=figures.kept(alerts, made, now, HOURS),
            promised_s=min((one.within_s for one in urgent if one.within_s), default=None),
            target=max((one.share for one in urgent), default=None),
            hubs=HubsNow(**hubs),
            unwatched=unwatched,
            tasks_due=tasks["due"],
            tasks_overdue=tasks["overdue"],
        )

    async def hands(self, by: Member, since: timedelta) -> list[Hand]:
        """Who has what, and did what during the last `since`, by name.

        For who answers for a shift alone: it tells of colleagues.

        Raises:
            NotAllowed: They do not.
        """
        by.demand(Permission.SET_DUTIES)
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            found = await connection.fetch(SQL.hands, now - since)
        return [Hand(**row) for row in found]

    async def shift(self, by: Member, since: timedelta) -> Shift:
        """What was ended during the last `since`, and which homes are not watched.

        Raises:
            NotAllowed: They may not see alerts.
        """
        by.demand(Permission.READ_ALERTS)
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            ended = await connection.fetch(SQL.ended, now - since)
            absent = await connection.fetch(SQL.absent)
            await note(connection, now, "shift.read", "queue")
        return Shift(
            made_at=now,
            since=now - since,
            ended=[Ended(**row) for row in ended],
            absent=[Absent(**row) for row in absent],
        )


async def _came_in(
    connection: Connection, organisations: Sequence[int], since: datetime, now: datetime
) -> dict[int, list[Any]]:
    return {one: await connection.fetch(OF_A_TIME.alerts, one, since, now) for one in organisations}


def _duty(row: Any) -> Duty:
    return msgspec.convert({name: row[name] for name in Duty.__struct_fields__}, Duty)
