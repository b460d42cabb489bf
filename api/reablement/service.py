"""Begins, shows and ends programmes of reablement."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.away import Stretch, away
from api.reablement.advice import advise, weeks
from api.reablement.days import Sign, measure_days
from api.reablement.views import Ended, NewProgramme, Programme, ProgrammeLine, Sequel
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load

MOST_BACK = timedelta(days=120)
"""How long ago a programme may have begun that is entered now."""
MOST_AHEAD = timedelta(days=60)
MOST_SHOWN = 500
"""Programmes that are listed at once."""


@dataclass(frozen=True)
class _Sql:
    home: str
    shown: str
    begin: str
    end: str
    signs: str


SQL = load(_Sql)


class _Told(NamedTuple):
    """What sensors told, when the person was away or paused, and the last day of it."""

    signs: list[Sign]
    gone: list[Stretch]
    last: date


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
            zone = await self._home(connection, home)
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

    async def end(self, by: Member, home: str, sequel: Sequel | None = None) -> None:
        """Ends the programme that is running.

        Args:
            by: Who ends it.
            home: Where.
            sequel: How they live from now on, where that is known.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such home, or none is running.
        """
        by.demand(Permission.SET_REABLEMENT)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            await self._home(connection, home)
            if await connection.fetchval(SQL.end, home, now, by.id, sequel) is None:
                raise NotFound(f"No programme is running in home {home}.")
            await note(connection, now, "reablement.end", HOME, home, detail=sequel or "")

    async def all(self, by: Member, home: str | None = None) -> list[ProgrammeLine]:
        """Programmes, of one home or of all within reach: those running, then what ended last.

        Raises:
            NotAllowed: They may not see them.
            NotFound: There is no such home.
        """
        by.demand(Permission.READ_DAYS)
        async with self._database.transaction(by.reach) as connection:
            if home is not None:
                await self._home(connection, home)
            rows = await connection.fetch(SQL.shown, home, None, MOST_SHOWN)
            kind = "homes" if home is None else HOME
            await note(connection, self._clock(), "reablements.read", kind, home or "")
        return [ProgrammeLine(**_line(row)) for row in rows]

    async def of(self, by: Member, home: str) -> Programme:
        """The programme that is running, with its whole weeks so far.

        Raises:
            NotAllowed: They may not see it.
            NotFound: There is no such home, or none is running.
        """
        by.demand(Permission.READ_DAYS)
        async with self._database.transaction(by.reach) as connection:
            await self._home(connection, home)
            row = await connection.fetchrow(SQL.shown, home, None, 1)
            if row is None or row["ended_at"] is not None:
                raise NotFound(f"No programme is running in home {home}.")
            told = await self._told(connection, row)
        return await _measured(row, told)

    async def one(self, by: Member, programme: int) -> Programme:
        """A programme, running or ended, with its whole weeks until then.

        Raises:
            NotAllowed: They may not see it.
            NotFound: There is none of that number within reach.
        """
        by.demand(Permission.READ_DAYS)
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.shown, None, programme, 1)
            if row is None:
                raise NotFound(f"There is no programme {programme}.")
            told = await self._told(connection, row)
        return await _measured(row, told)

    async def _told(self, connection: Connection, row: Mapping[str, Any]) -> _Told:
        """What is known of a programme's whole weeks."""
        now, zone, starts = self._clock(), ZoneInfo(row["time_zone"]), row["starts"]
        # Only whole weeks: half of one has other days in it.
        until = (row["ended_at"] or now).astimezone(zone).date()
        whole = max(0, min((until - starts).days // 7, row["weeks"]))
        behind = starts + timedelta(days=7 * whole)
        home, begins, ends = row["home"], _midnight(starts, zone), _midnight(behind, zone)
        found = await connection.fetch(SQL.signs, home, begins, ends)
        gone = (await away(connection, [home], begins, ends)).get(home, [])
        await note(connection, now, "reablement.read", HOME, home)
        return _Told([Sign(**sign) for sign in found], gone, behind - timedelta(days=1))

    @staticmethod
    async def _home(connection: Connection, home: str) -> ZoneInfo:
        zone = await connection.fetchval(SQL.home, home)
        if zone is None:
            raise NotFound(f"There is no home {home}.")
        return ZoneInfo(zone)


async def _measured(row: Mapping[str, Any], told: _Told) -> Programme:
    starts, zone = row["starts"], ZoneInfo(row["time_zone"])
    days = await asyncio.to_thread(measure_days, told.signs, starts, told.last, zone, told.gone)
    ended = row["ended_at"] is not None
    return Programme(**_line(row), weeks=weeks(days, starts), advice=advise(days, ended=ended))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    ended = None
    if row["ended_at"] is not None:
        sequel = Sequel(row["sequel"]) if row["sequel"] else None
        ended = Ended(at=row["ended_at"], sequel=sequel, by=row["ended_by"] or "")
    told = ("programme", "home", "label", "time_zone", "starts")
    return {**{name: row[name] for name in told}, "weeks_planned": row["weeks"], "ended": ended}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
