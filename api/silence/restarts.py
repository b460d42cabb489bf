"""Tells of a hub that ends and is started again, over and over: at each start it is heard.

A start is known by its `started_at`. The last ones of each hub are kept as they are first told of
(:mod:`api.hubs.ingest`). How far apart they are is by the hub's clock, so that what a hub without
a line kept for days is no loop when it comes in at once; what goes on or is over, by the centre's.
"""

from datetime import datetime, timedelta

from api.alerts.own import raise_own, report_own
from api.silence import words
from api.silence.sql import SQL
from api.store.database import Connection

STARTS = 7
"""Six restarts: more than an installer makes in a visit, an update, or a router that comes back.

A hub that ends at once is started every five minutes at least: it makes so many in half an hour.
"""
WITHIN = timedelta(hours=1)
"""After so long without another start it is over."""
AT_ONCE = 200
"""Hubs told in a look; the others in the next ones."""


async def look(connection: Connection, now: datetime) -> None:
    """Raises what is to be told by `now`, and clears what is over."""
    for row in await connection.fetch(SQL.settled, now - WITHIN):
        told = words.settled(row["hub"], row["home"], row["last"], row["zone"], now)
        await report_own(connection, row["alert"], told)
    for row in await connection.fetch(SQL.restarting, now - WITHIN, STARTS, WITHIN, AT_ONCE):
        told = words.restarts(row["hub"], row["home"], row["last"], row["zone"], now)
        if row["alert"] is None:
            await raise_own(connection, told, told.home)
        else:  # nobody has said what its earlier ones were: it is one matter
            await report_own(connection, row["alert"], told)
