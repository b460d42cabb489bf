"""What becomes of attempts by the clock: messages end, and the next step's time comes.

As with alerts' own timers each turn is one transaction over rows that nobody else holds, and the
rows themselves say what is still to be done: any number of replicas, nothing twice.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from api.alerts.acting import Acting, Locked
from api.alerts.lifecycle import Action
from api.alerts.standing import Deed
from api.audit.note import ALERT, note
from api.clock import Clock
from api.response.progress import Result
from api.response.sql import SQL
from api.store.apart import Apart, Kind
from api.store.database import Connection, Database
from api.store.reach import CENTRE


class Clockwork:
    """The centre's own hand on attempts.

    Args:
        database: Where they are.
        clock: The centre's.
        acting: Makes the steps.
        apart: Deals with each attempt by itself.
    """

    def __init__(self, database: Database, clock: Clock, acting: Acting, apart: Apart) -> None:
        self._database = database
        self._clock = clock
        self._acting = acting
        self._apart = apart

    async def look(self) -> None:
        """One turn of everything, each in a transaction of its own."""
        await self.take_in()
        await self.call()

    async def take_in(self) -> int:
        """Takes over from the outbox what became of messages; of how many.

        A message that failed is a step of its alert, so that nobody ends it without having seen
        that. One that was delivered is news alone.
        """
        async with self._database.transaction(CENTRE) as connection:
            rows = await self._apart.each(
                connection,
                await connection.fetch(SQL.ended),
                lambda row: self._end(connection, row),
                Kind.ATTEMPT,
                itemgetter("attempt"),
            )
            now = self._clock()
            for row in rows:
                result = _became(row)
                await note(connection, now, "alert.attempt", ALERT, row["id"], detail=result)
        return len(rows)

    async def call(self) -> int:
        """Tells whoever has an alert open that the next step's time has come; of how many."""
        async with self._database.transaction(CENTRE) as connection:
            rows = await connection.fetch(SQL.due, self._clock())
            for row in rows:
                await connection.execute(SQL.told, row["attempt"])
                await connection.execute(SQL.touch, row["id"])
        return len(rows)

    async def _end(self, connection: Connection, row: Mapping[str, Any]) -> None:
        result = _became(row)
        await connection.execute(SQL.became, row["attempt"], result, row["because"] or "")
        if result is Result.FAILED:
            deed = Deed(action=Action.ATTEMPT, by=None, note=row["because"] or "")
            await self._acting.by_clock(connection, Locked.of(row), deed)
        else:
            await connection.execute(SQL.touch, row["id"])


def _became(row: Mapping[str, Any]) -> Result:
    return Result.DELIVERED if row["became"] == "sent" else Result.FAILED
