"""Tells of a hub that remembers nothing: its journal is gone, though its key is still there.

The hub cannot tell that from its first start. The centre can: the hub says that a journal is its
first (:class:`contract.Batch`), and the centre has records of an earlier one.
"""

from datetime import datetime

from api.alerts.own import raise_own
from api.silence import words
from api.silence.sql import SQL
from api.store.database import Connection

AT_ONCE = 200
"""Hubs told in a look; the others in the next ones."""


async def look(connection: Connection, now: datetime) -> None:
    """Raises what ingest noticed and nobody was told yet (:mod:`api.hubs.ingest`)."""
    for row in await connection.fetch(SQL.forgotten, AT_ONCE):
        told = words.forgotten(row["hub"], row["home"], row["since"], row["zone"], now)
        await raise_own(connection, told, told.home)
        await connection.execute(SQL.told_forgotten, row["hub"])
