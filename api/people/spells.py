"""Pauses and absences: set by staff, begun and ended by the clock, confirmed by the hubs."""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.commands import line_of, tell
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people import spell as rules
from api.people.spell import SpellRequest, Told
from api.people.sql import SQL
from api.people.views import HubTold, Spell
from api.refusals import Conflict, NotAllowed, NotFound
from api.store.apart import Apart, Kind
from api.store.database import Connection, Database
from api.store.reach import CENTRE, Reach
from contract import CommandKind
from contract.base import Part
from contract.downlink import Nothing

MOST_SHOWN = 20


class Spells:
    """The times in which homes are not watched.

    Args:
        database: Where they are.
        clock: The centre's.
        apart: Begins and ends each by itself.
    """

    def __init__(self, database: Database, clock: Clock, apart: Apart) -> None:
        self._database = database
        self._clock = clock
        self._apart = apart

    async def set(self, home: str, asked: SpellRequest, by: Member) -> int:
        """Sets a pause or an absence, and tells the hubs where it begins now; its number.

        Raises:
            NotAllowed: The role does not allow it, or not for so long.
            Invalid: Its times will not do.
            NotFound: There is no such home.
            Conflict: One of its sort is set for that time already.
        """
        by.demand(Permission.SET_ABSENCE)
        now = self._clock()
        starts_at, until = rules.times(asked, now)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchrow(SQL.lock_home, home) is None:
                raise NotFound(f"There is no home {home}.")
            await _check_free(connection, home, asked.kind, starts_at, until, now=now)
            if not by.may(Permission.SEND_LONG):
                await _check_length(connection, home, asked.kind, starts_at, until)
            row = await connection.fetchrow(
                SQL.add_spell, home, asked.kind, asked.wish, starts_at, until, now, by.id
            )
            if starts_at <= now:
                await begin(connection, row, now)
            number: int = row["spell"]
            await note(connection, now, "absence.set", HOME, home, detail=f"{asked.kind} {number}")
        return number

    async def end(self, home: str, number: int, by: Member) -> None:
        """Ends one before its time, or takes back one that was planned.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is none of that number.
            Conflict: It is over.
        """
        by.demand(Permission.SET_ABSENCE)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.lock_spell, home, number)
            if row is None:
                raise NotFound(f"Home {home} has no pause or absence {number}.")
            if row["ended_at"] is not None:
                raise Conflict("It is over already.")
            await finish(connection, row, now, by=by.id)
            await note(connection, now, "absence.end", HOME, home, detail=f"{number}")

    async def of_home(self, reach: Reach, home: str) -> list[Spell]:
        """A home's pauses and absences, the newest first, each with what the hubs made of it."""
        async with self._database.transaction(reach) as connection:
            found = await _spells(connection, home, self._clock())
            if await connection.fetchrow(SQL.home, home):  # else nothing was read of anybody
                await note(connection, self._clock(), "absences.read", HOME, home)
        return found

    async def look(self) -> int:
        """One turn of the clock: begins and ends what is due; how many there were.

        One transaction over rows that nobody else holds, so that any number of replicas may take
        turns, a restart forgets nothing and no hub is told twice.
        """
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            due = await self._apart.each(
                connection,
                await connection.fetch(SQL.due, now),
                lambda row: _turned(connection, row, now),
                Kind.ABSENCE,
                itemgetter("spell"),
            )
            for row in due:
                what = "tell" if row["begun_at"] else "begin"
                what = "over" if row["until"] <= now else what
                detail = f"{row['kind']} {row['spell']}"
                await note(connection, now, f"absence.{what}", HOME, row["home"], detail=detail)
        return len(due)

    async def claimed(self, connection: Connection, home: str) -> None:
        """Tells a hub of what goes on in its home, in the transaction in which it is claimed."""
        now = self._clock()
        for row in await connection.fetch(SQL.begun, home, now):
            await begin(connection, row, now)


async def _turned(connection: Connection, row: Mapping[str, Any], now: datetime) -> None:
    if row["until"] <= now:
        await finish(connection, row, now, by=None)
    else:
        await begin(connection, row, now)


async def begin(connection: Connection, row: Mapping[str, Any], now: datetime) -> None:
    """Tells the home's hubs that one begins, or has begun where some were told before.

    Should the line fail, they end it by themselves.
    """
    kind, body = rules.begins(row["kind"], row["until"])
    await connection.execute(SQL.begin_spell, row["spell"], now)
    for hub in await connection.fetch(SQL.untold, row["spell"]):
        await _tell(connection, row, hub["hub"], kind, body, now=now, begins=True)


async def finish(
    connection: Connection, row: Mapping[str, Any], now: datetime, *, by: int | None
) -> None:
    """Ends one, and tells the hubs that had begun it.

    A hub ends a pause by its own clock. An absence holds there until the end of the day, so it is
    told that somebody is back. Where it was told of another since, that one holds.
    """
    await connection.execute(SQL.end_spell, row["spell"], now, by)
    kind = rules.ends(row["kind"])
    if row["begun_at"] is None or (by is None and kind == CommandKind.RESUME):
        return
    for hub in await connection.fetch(SQL.hubs, row["home"]):
        if by is None and await connection.fetchval(SQL.superseded, row["spell"], hub["hub"]):
            continue
        await _tell(connection, row, hub["hub"], kind, Nothing(), now=now, begins=False)


async def _tell(
    connection: Connection,
    row: Mapping[str, Any],
    hub: str,
    kind: CommandKind,
    body: Part,
    *,
    now: datetime,
    begins: bool,
) -> None:
    until = row["until"] if begins else now + rules.LONGEST[rules.sort_of(row["kind"])]
    command = await tell(connection, hub, kind, body, by=row["set_by"], now=now, until=until)
    if command is not None:
        await connection.execute(SQL.spell_told, row["spell"], command, begins)


async def _check_free(
    connection: Connection,
    home: str,
    kind: str,
    starts_at: datetime,
    until: datetime,
    *,
    now: datetime,
) -> None:
    other = await connection.fetchrow(SQL.overlapping, home, kind, starts_at, until, now)
    if other is not None:
        raise Conflict(
            f"There is a {other['kind']} until {other['until']:%d %B %H:%M} UTC already. End it "
            "first."
        )


async def _check_length(
    connection: Connection, home: str, kind: str, starts_at: datetime, until: datetime
) -> None:
    sort = rules.sort_of(kind)
    others = [
        (one["starts_at"], one["until"]) for one in await connection.fetch(SQL.sort, home, kind)
    ]
    most = rules.BY_ANYBODY[sort]
    if rules.stretch(starts_at, until, others, rules.BETWEEN[sort]) > most:
        raise NotAllowed(
            f"One of over {most.days} day{'s' * (most.days > 1)}, with those before and behind it, "
            "is for a supervisor or an administrator to set."
        )


async def not_confirmed(connection: Connection, now: datetime, since: datetime) -> list[Any]:
    """Pauses and absences, going on or ended after `since`, of which a hub may not know."""
    rows = await connection.fetch(SQL.going_on, since)
    found = await connection.fetch(SQL.going_on_commands, [row["spell"] for row in rows])
    told = _told(found, now)
    return [
        row
        for row in rows
        if rules.standing(
            begun=True,
            ended=row["ended_at"] is not None,
            told=told.get(row["spell"], []),
            untold=row["untold"],
            now=now,
        ).endswith("lost")
    ]


async def _spells(connection: Connection, home: str, now: datetime) -> list[Spell]:
    rows = await connection.fetch(SQL.spells, home, MOST_SHOWN)
    if not rows:
        return []
    told = _told(await connection.fetch(SQL.spell_commands, home, rows[-1]["spell"]), now)
    return [_spell(row, told.get(row["spell"], []), now) for row in rows]


def _told(rows: list[Any], now: datetime) -> dict[int, list[Told]]:
    """What hubs were told, by the number of what it was about."""
    found: dict[int, list[Told]] = {}
    for row in rows:
        fields = {key: value for key, value in row.items() if key not in {"spell", "begins"}}
        found.setdefault(row["spell"], []).append(Told(row["begins"], line_of(fields, now)))
    return found


def _spell(row: Mapping[str, Any], told: list[Told], now: datetime) -> Spell:
    ended = row["ended_at"] is not None
    return Spell(
        **{key: row[key] for key in (
            "spell", "kind", "wish", "starts_at", "until", "set_at", "begun_at", "ended_at",
        )},
        set_by=row["set_by"] or "",
        ended_by=row["ended_by"] or "",
        standing=rules.standing(
            begun=row["begun_at"] is not None, ended=ended, told=told, untold=row["untold"], now=now
        ),
        hubs=[
            HubTold(
                hub=one.hub, kind=one.kind, state=one.state,
                lost=begins != ended and rules.is_lost(one, now),
            )
            for begins, one in told
        ],
    )  # fmt: skip
