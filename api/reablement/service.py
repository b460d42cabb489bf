"""Begins, shows and ends programmes of reablement."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.reablement.advice import advise, weeks
from api.reablement.days import Sign, measure_days
from api.reablement.views import NewProgramme, Programme
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load

MOST_BACK = timedelta(days=120)
"""How long ago a programme may have begun that is entered now."""
MOST_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class _Sql:
    home: str
    running: str
    begin: str
    end: str
    signs: str


SQL = load(_Sql)


class Reablement:
    """The programmes of the centre's homes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, by: Member, home: str, asked: NewProgramme) -> Programme:
        """Begins a programme.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such home.
            Conflict: One is running.
            Invalid: It starts too long ago, or too far ahead.
        """
        by.demand(Permission.SET_REABLEMENT)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            _, _, zone = await self._home(connection, home)
            today = now.astimezone(zone).date()
            if not today - MOST_BACK <= asked.starts <= today + MOST_AHEAD:
                raise Invalid("A programme starts at most 120 days ago and 60 days ahead.")
            started = await connection.fetchval(
                SQL.begin, home, asked.starts, asked.weeks, by.id, now
            )
            if started is None:
                raise Conflict(f"A programme is running in home {home}. End it first.")
            await note(connection, now, "reablement.begin", HOME, home)
        return await self.of(by, home)

    async def end(self, by: Member, home: str) -> None:
        """Ends the programme that is running.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such home, or none is running.
        """
        by.demand(Permission.SET_REABLEMENT)
        async with self._database.transaction(by.reach) as connection:
            await self._home(connection, home)
            if await connection.fetchval(SQL.end, home, self._clock()) is None:
                raise NotFound(f"No programme is running in home {home}.")
            await note(connection, self._clock(), "reablement.end", HOME, home)

    async def of(self, by: Member, home: str) -> Programme:
        """The programme that is running, with its whole weeks so far.

        Raises:
            NotAllowed: They may not see it.
            NotFound: There is no such home, or none is running.
        """
        by.demand(Permission.READ_DAYS)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            name, label, zone = await self._home(connection, home)
            row = await connection.fetchrow(SQL.running, home)
            if row is None:
                raise NotFound(f"No programme is running in home {home}.")
            starts, planned = row["starts"], row["weeks"]
            # Only whole weeks: half of one has other days in it.
            past = (now.astimezone(zone).date() - starts).days // 7
            last = starts + timedelta(days=7 * max(0, min(past, planned)))
            found = await connection.fetch(
                SQL.signs, home, _midnight(starts, zone), _midnight(last, zone)
            )
            await note(connection, now, "reablement.read", HOME, home)
        signs = [Sign(**row) for row in found]
        days = await asyncio.to_thread(measure_days, signs, starts, last - timedelta(days=1), zone)
        return Programme(
            home=name,
            label=label,
            time_zone=f"{zone}",
            starts=starts,
            weeks_planned=planned,
            weeks=weeks(days, starts),
            advice=advise(days),
        )

    @staticmethod
    async def _home(connection: Connection, home: str) -> tuple[str, str, ZoneInfo]:
        row = await connection.fetchrow(SQL.home, home)
        if row is None:
            raise NotFound(f"There is no home {home}.")
        return row["home"], row["label"], ZoneInfo(row["time_zone"])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
