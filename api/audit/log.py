"""The audit log for those who may read it, an organisation at a time; to read it is noted, too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec

from api.audit.note import note
from api.audit.sql import SQL
from api.audit.verify import Verdict, verify
from api.clock import Clock
from api.refusals import Invalid, NotFound
from api.store.database import Database
from api.store.reach import Reach


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `actor` is `staff:7`, `token:3 of staff:7`, `hub:hub-1`, `command` or `centre`.

    `username` is whose the number of staff is now; the log itself has no name.
    """

    number: int
    at: datetime
    actor: str
    session: str
    correlation: str
    action: str
    kind: str
    subject: str
    detail: str
    username: str = ""


@dataclass(frozen=True)
class Narrow:
    """Which entries are wanted; what is empty or None narrows nothing.

    Attributes:
        home: About this home, its alerts or its hubs.
        username: Done by this member of staff, or by a program for them.
        since: From this moment on.
        until: Before this one.
    """

    home: str = ""
    username: str = ""
    since: datetime | None = None
    until: datetime | None = None


ALL = Narrow()
_FIRST, _BEYOND = 1970, 2200


class AuditLog:
    """The audit log of the centre's organisations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def newest(
        self,
        reach: Reach,
        organisation: int,
        known: Collection[int],
        *,
        before: int,
        limit: int,
        narrow: Narrow = ALL,
    ) -> list[AuditEntry]:
        """An organisation's entries below the number `before`, the newest first.

        Raises:
            NotFound: It is not among `known`, those that the reader looks after.
            Invalid: A moment is beyond the calendar.
        """
        if organisation not in known:
            raise NotFound(f"There is no organisation {organisation}.")
        if not all(_FIRST <= at.year < _BEYOND for at in (narrow.since, narrow.until) if at):
            raise Invalid(f"since and until must be from {_FIRST} to before {_BEYOND}.")
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(
                SQL.newest, organisation, before, limit, narrow.home or None,
                narrow.username.strip().lower() or None, narrow.since, narrow.until,
            )  # fmt: skip
            await note(connection, self._clock(), "audit.read", "organisation", organisation)
        return [AuditEntry(**row) for row in rows]

    async def verified(self, reach: Reach, organisation: int, known: Collection[int]) -> Verdict:
        """What a look through an organisation's chain found; to look is noted, too.

        Raises:
            NotFound: It is not among `known`, those that the reader looks after.
        """
        if organisation not in known:
            raise NotFound(f"There is no organisation {organisation}.")
        found = await verify(self._database, only=organisation)
        async with self._database.transaction(reach) as connection:
            said = f"{len(found.faults)} faults"
            now = self._clock()
            await note(connection, now, "audit.verify", "organisation", organisation, detail=said)
        return found
