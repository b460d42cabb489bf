"""Looks, by the clock, for hubs that are not heard or start over and over, and tells staff once.

Of any number of replicas one looks at a time. What was found stands in the database, so that a
restart finds nothing twice. Each look is one transaction: it is done whole or not at all.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from api.alerts.own import raise_own, report_own
from api.clock import Clock
from api.silence import forgotten, restarts, rules, words
from api.silence.rules import Quiet
from api.silence.sql import SQL
from api.silence.words import Extent, Trace
from api.store.database import Connection, Database
from api.store.reach import CENTRE

LOOK_SECONDS = 30.0
AT_ONCE = 200
"""Hubs told one by one in a look; the others in the next ones."""
BLIND = timedelta(minutes=2)
"""Where nobody has looked for so long, the centre itself was away, and heard nobody. Where the last
look is as far ahead, the clock was set back, and what it showed before says nothing of now."""


class Watch:
    """Watches over the hubs' heartbeats.

    Args:
        database: Where they are.
        clock: The centre's.
        silent: How long a hub may say nothing at least; see :func:`api.silence.rules.patience`.
    """

    def __init__(self, database: Database, clock: Clock, silent: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._silent = silent

    async def look(self) -> None:
        """Looks once, unless somebody else does or just has."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            turn = await connection.fetchrow(SQL.turn)
            if turn is None:
                return
            since, beat = turn["since"], turn["beat_at"]
            if beat is not None and abs(now - beat) < timedelta(seconds=LOOK_SECONDS / 2):
                return
            if since is None or beat is None or abs(now - beat) > BLIND:
                since = now
            if beat is not None and beat > now:
                since = min(since, now)
                await _set_back(connection, now)
            await connection.execute(SQL.beat, since, now)
            await _end(connection)
            rows = await connection.fetch(SQL.quiet, now - self._silent / 2)
            for organisation, theirs in groupby(rows, key=itemgetter("organisation")):
                quiet = {hub for hub in map(self._quiet, theirs) if rules.late(hub, since, now)}
                await _find(connection, organisation, quiet, since=since, now=now)
            await _follow(connection, now)
            await restarts.look(connection, now)
            await forgotten.look(connection, now)

    def _quiet(self, row: Mapping[str, Any]) -> Quiet:
        patience = rules.patience(self._silent, row["every_s"])
        return Quiet(row["hub"], row["at"], patience)


async def _find(
    connection: Connection, organisation: int, quiet: set[Quiet], *, since: datetime, now: datetime
) -> None:
    """Tells of an organisation's hubs that are newly silent, as one outage where they are many."""
    quiet = await _join(connection, organisation, quiet, now)
    silent = {hub for hub in quiet if rules.overdue(hub, since, now)}
    if not silent:
        return
    recently = now - rules.WINDOW
    lately = [
        row["heard_at"] for row in await connection.fetch(SQL.found_lately, recently, organisation)
    ]
    rest = [hub.at for hub in quiet - silent]
    estate = await connection.fetchval(SQL.estate, recently, organisation)
    window = rules.outage([hub.at for hub in silent], [*rest, *lately], estate)
    if window is not None:
        together = {hub for hub in quiet if window[0] <= hub.at <= window[1]}
        await _add(
            connection, together, await _open_outage(connection, organisation, together, now), now
        )
        silent -= together
    few = sorted(silent)[:AT_ONCE]
    await _add(connection, few, None, now)
    for hub in few:
        await _tell(connection, hub.hub, hub.at, now)


async def _set_back(connection: Connection, now: datetime) -> None:
    """Hubs that were heard by a clock that was ahead were not heard later than now."""
    await connection.execute(SQL.heard_by_now, now)
    await connection.execute(SQL.silent_by_now, now)


async def _end(connection: Connection) -> None:
    """Clears the alerts of hubs that are heard again."""
    for row in await connection.fetch(SQL.end):
        if row["alert"] is not None:
            trace = await _trace(connection, row["hub"], row["heard_at"])
            await report_own(connection, row["alert"], words.back(trace, row["over_at"]))


async def _tell(connection: Connection, hub: str, heard_at: datetime, now: datetime) -> None:
    """Tells of one hub: as its earlier alert, while nobody has said what that was, or a new one."""
    told = words.silent(await _trace(connection, hub, heard_at), now)
    alert = await connection.fetchval(SQL.waiting_alert, hub)
    if alert is None:
        alert = await raise_own(connection, told, told.home)
    else:
        await report_own(connection, alert, told)
    await connection.execute(SQL.own, hub, heard_at, alert)


async def _join(
    connection: Connection, organisation: int, quiet: set[Quiet], now: datetime
) -> set[Quiet]:
    """Puts late hubs under the outage in which they fell silent; who is left."""
    found = await connection.fetch(SQL.outages)
    for one in (row for row in found if row["organisation"] == organisation):
        joins = {hub for hub in quiet if rules.belongs(hub.at, one["first"])}
        await _add(connection, joins, one["id"], now)
        quiet = quiet - joins
    return quiet


async def _follow(connection: Connection, now: datetime) -> None:
    """Tells how far each outage has come; of one that is over, what is left, hub by hub."""
    for one in await connection.fetch(SQL.outages):
        known = await connection.fetchval(SQL.hubs, one["organisation"])
        extent = Extent(one["first"], one["last"], one["back"], one["total"], known)
        if one["state"] == "resolved" or rules.mostly_back(extent.back, extent.total):
            told = words.outage_over(extent, now)
        else:
            told = words.outage(extent, now)
        if told.text != one["text"]:
            await report_own(connection, one["id"], told)
    for row in await connection.fetch(SQL.left_over, AT_ONCE):
        await _tell(connection, row["hub"], row["heard_at"], now)


async def _open_outage(
    connection: Connection, organisation: int, hubs: Collection[Quiet], now: datetime
) -> int:
    moments = [hub.at for hub in hubs]
    known = await connection.fetchval(SQL.hubs, organisation)
    extent = Extent(min(moments), max(moments), 0, len(hubs), known)
    return await raise_own(connection, words.outage(extent, now), None, organisation)


async def _trace(connection: Connection, hub: str, heard_at: datetime) -> Trace:
    return Trace(hub=hub, at=heard_at, **await connection.fetchrow(SQL.trace, hub, heard_at))


async def _add(
    connection: Connection, hubs: Collection[Quiet], outage: int | None, now: datetime
) -> None:
    names, moments = [hub.hub for hub in hubs], [hub.at for hub in hubs]
    if names:
        await connection.execute(SQL.add, now, outage, names, moments)
