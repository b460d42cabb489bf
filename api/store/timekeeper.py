"""The centre's clock: the database's, which all replicas share, whatever their machines' show.

It is asked again and again; in between time goes on by a clock of the machine that only runs
forward. So a machine whose clock is wrong, or is set meanwhile, changes nothing of what is done.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from api.refusals import DatabaseAway
from api.store.database import RETRY_AFTER, Connection, Database
from api.store.reach import AS_CONNECTED

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""A machine that stood still, or a standby that took over, is noticed as soon."""
FIRST_SURE = timedelta(seconds=1)
"""The first answer must have come within so long: it showed that time somewhere in between."""
LEAP = timedelta(seconds=1)
"""More than that no two clocks drift apart from one look to the next: somebody set one."""
_BEGAN = datetime(2000, 1, 1, tzinfo=UTC)


async def database_time(connection: Connection) -> datetime:
    """What the database's clock shows. Not `now()`, which is when the transaction began."""
    shown: datetime = await connection.fetchval("select clock_timestamp()")
    return shown


class Timekeeper:
    """A :data:`api.clock.Clock` that goes by the database's.

    Args:
        database: Whose clock it is.
        monotonic: Seconds by a clock that only runs forward.
    """

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._ahead: timedelta | None = None  # of `_BEGAN` plus what `monotonic` shows

    def __call__(self) -> datetime:
        """The present moment.

        Raises:
            DatabaseAway: The database was never asked; nothing is to be decided by a guess.
        """
        if self._ahead is None:
            raise DatabaseAway("The database has not yet said what time it is.", RETRY_AFTER)
        return self._forward() + self._ahead

    async def look(self) -> None:
        """Asks the database once.

        What is known stays where it agrees with the answer, to within the time that took; else it
        is moved just so far. So time neither jitters with the load nor drifts.

        Raises:
            DatabaseAway: It cannot be asked; what is known goes on.
        """
        async with self._database.transaction(AS_CONNECTED) as connection:
            asked = self._forward()
            shown = await database_time(connection)
            least, most = shown - self._forward(), shown - asked
        known = self._ahead
        if known is None:
            if most - least > FIRST_SURE:
                raise DatabaseAway("The database is slow to say what time it is.", RETRY_AFTER)
            self._ahead = least + (most - least) / 2
            return
        self._ahead = min(max(known, least), most)
        if abs(self._ahead - known) > LEAP:
            seconds = (self._ahead - known).total_seconds()
            log.warning("the database's clock has moved by %+.1f s; the centre goes by it", seconds)

    async def begin(self, seconds: float) -> None:
        """Asks for the first time. Where that takes longer, or fails, it is left to later looks."""
        try:
            async with asyncio.timeout(seconds):
                await self.look()
        except (DatabaseAway, TimeoutError) as error:
            log.warning("what time it is must wait for the database: %s", error)

    def _forward(self) -> datetime:
        return _BEGAN + timedelta(seconds=self._monotonic())
