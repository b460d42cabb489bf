"""Rows of one turn, each dealt with by itself: one that cannot be holds up nobody else's.

A turn of the clock is about all organisations. Without this, one client's odd row would end it for
every other one, and again at each turn.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from api.store.database import AWAY, Connection

log = logging.getLogger(__name__)


async def apart(
    connection: Connection,
    rows: Sequence[Any],
    work: Callable[[Any], Awaitable[object]],
    what: Callable[[Any], str],
) -> list[Any]:
    """Does something with each row, within a savepoint; the rows with which it was done.

    Args:
        connection: In the transaction that holds the rows.
        rows: Which.
        work: What is done; False where there was nothing to be done.
        what: Names a row in the log, by identifiers alone. One that fails stays as it was, and its
            turn comes again.
    """
    done = []
    for row in rows:
        try:
            async with connection.transaction():
                made = await work(row)
        except AWAY:
            raise
        except Exception:
            log.exception("%s: could not be moved on by the clock", what(row))
        else:
            if made is not False:
                done.append(row)
    return done
