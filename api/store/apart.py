"""Rows of one turn, each dealt with by itself: one that cannot be holds up nobody else's.

A turn of the clock is about all organisations. Without this, one client's odd row would end it for
every other one, and again at each turn.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any

from api.store.database import AWAY, Connection

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a row that waits for the clock is about."""

    ALERT = "alert"
    ATTEMPT = "attempt"
    ABSENCE = "absence"
    HOME = "home"


class Apart:
    """Does something with each of some rows.

    Args:
        passed_over: Told of each row with which it could not be done, for somebody to be called.
    """

    def __init__(self, passed_over: Callable[[Kind], None]) -> None:
        self._passed_over = passed_over

    async def each(
        self,
        connection: Connection,
        rows: Sequence[Any],
        work: Callable[[Any], Awaitable[object]],
        kind: Kind,
        name: Callable[[Any], object],
    ) -> list[Any]:
        """Does it within a savepoint for each row; the rows with which it was done.

        Args:
            connection: In the transaction that holds the rows.
            rows: Which.
            work: What is done; False where there was nothing to be done.
            kind: What they are about.
            name: Tells a row from others of its kind in the log, by its identifier alone. One that
                fails stays as it was, and its turn comes again.
        """
        done = []
        for row in rows:
            try:
                async with connection.transaction():
                    made = await work(row)
            except AWAY:
                raise
            except Exception:
                log.exception("%s %s: could not be moved on by the clock", kind, name(row))
                self._passed_over(kind)
            else:
                if made is not False:
                    done.append(row)
        return done
