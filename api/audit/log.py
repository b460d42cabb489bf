"""The audit log for those who may read it, an organisation at a time; to read it is noted, too."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from api.audit.note import note
from api.audit.sql import SQL
from api.clock import Clock
from api.refusals import NotFound
from api.store.database import Database
from api.store.reach import Reach


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `actor` is `staff:7`, `token:3`, `hub:hub-1` or `centre`."""

    number: int
    at: datetime
    actor: str
    session: str
    correlation: str
    action: str
    kind: str
    subject: str
    detail: str


class AuditLog:
    """The audit log of the centre's organisations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def newest(
        self, reach: Reach, organisation: int, known: Collection[int], *, before: int, limit: int
    ) -> list[AuditEntry]:
        """An organisation's entries below the number `before`, the newest first.

        Raises:
            NotFound: It is not among `known`, those that the reader looks after.
        """
        if organisation not in known:
            raise NotFound(f"There is no organisation {organisation}.")
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.newest, organisation, before, limit)
            await note(connection, self._clock(), "audit.read", "organisation", organisation)
        return [AuditEntry(**row) for row in rows]
