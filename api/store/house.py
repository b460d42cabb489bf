"""Keeps the database in order: room for the months ahead, an end to what was kept long enough."""

import logging

from api.store.database import Database
from api.store.reach import CENTRE

log = logging.getLogger(__name__)

KEEP_SECONDS = 6 * 3600.0
_LOCK = 0x7E1ECA2F
"""Any number that nobody else locks in the same database."""


async def keep_house(database: Database) -> dict[str, int]:
    """Does what is due, unless another replica is at it; what was let go, by class of data.

    How long each class is kept stands in the table `retention`. Partitions and chunks go whole, so
    some of what is in them is kept for a little longer.
    """
    async with database.transaction(CENTRE, long=True) as connection:
        if not await connection.fetchval("select pg_try_advisory_xact_lock($1)", _LOCK):
            return {}
        rows = await connection.fetch("select class, gone from keep_house(now()) where gone > 0")
    gone: dict[str, int] = {row["class"]: row["gone"] for row in rows}
    if gone:
        named = ", ".join(f"{number} of {kind}" for kind, number in gone.items())
        log.info("let go after their time: %s", named)
    return gone
