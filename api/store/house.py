"""Keeps the database in order: room for the months ahead, an end to what was kept long enough."""

import logging

from api.store.database import Connection, Database
from api.store.reach import CENTRE

log = logging.getLogger(__name__)

KEEP_SECONDS = 6 * 3600.0
PORTION = 1000
"""Rows, with what hangs on each, that go in one transaction; nobody waits long for its locks."""
PORTIONS = 1000
"""Of one class at a turn; what is left has its turn the next time."""
_LOCK = 0x7E1ECA2F
"""Any number that nobody else locks in the same database."""
_MINE = "select pg_try_advisory_xact_lock($1)"


async def keep_house(database: Database) -> dict[str, int]:
    """Does what is due, unless another replica is at it; what was let go, by class of data.

    How long each class is kept stands in the table `retention`. Partitions and chunks go whole, so
    some of what is in them is kept for a little longer; everything else goes in portions.
    """
    async with database.transaction(CENTRE, long=True) as connection:
        if not await connection.fetchval(_MINE, _LOCK):
            return {}
        rows = await connection.fetch("select class, gone from keep_house(now()) where gone > 0")
        classes = await connection.fetch("select class from retention order by class")
    gone: dict[str, int] = {row["class"]: row["gone"] for row in rows}
    for row in classes:
        if number := await _let_go(database, row["class"]):
            gone[row["class"]] = number
    if gone:
        named = ", ".join(f"{number} of {kind}" for kind, number in gone.items())
        log.info("let go after their time: %s", named)
    return gone


async def _let_go(database: Database, kind: str) -> int:
    """Lets go of one class, a portion a transaction; how many rows went."""
    gone = 0
    for _ in range(PORTIONS):
        async with database.transaction(CENTRE, long=True) as connection:
            here = await _portion(connection, kind)
        if not here:
            break
        gone += here
    return gone


async def _portion(connection: Connection, kind: str) -> int:
    if not await connection.fetchval(_MINE, _LOCK):
        return 0
    number: int = await connection.fetchval("select let_go($1, $2)", kind, PORTION)
    return number
