"""Bulk export: asked for, made in the background by any replica, fetched as NDJSON, then expired.

After the HL7 FHIR Bulk Data Access guide. What was made lies in the database, so that any replica
can hand it out, and goes with the organisation's other data under row-level security.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.audit.note import note
from api.clock import Clock
from api.exports import rows
from api.fhir.answers import left_out
from api.fhir.resources import KINDS, Kind, Resource
from api.fhir.service import may_be_read, until_now
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, DatabaseAway, Invalid, NotFound, TooMany
from api.store.database import Database
from api.store.queries import load
from api.store.reach import CENTRE, within

log = logging.getLogger(__name__)

KEPT = timedelta(hours=24)
"""How long an export can be fetched, from when it was asked for."""
LOOK_SECONDS = 2.0
MOST = 5
"""Exports that one member of staff may have at once."""
_LEASE = timedelta(minutes=5)
OUTCOME = "OperationOutcome"
"""The type of the file that says what is missing from the others."""


@dataclass(frozen=True)
class _Sql:
    ask: str
    mine: str
    cancel: str
    parts: str
    part: str
    take: str
    clear: str
    add: str
    renew: str
    finish: str
    forget: str
    running: str


SQL = load(_Sql)


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export."""

    type: str
    url: str
    count: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What an export has come to."""

    transaction_time: datetime
    request: str
    requires_access_token: bool
    output: list[Output]
    error: list[Output] = []


class Bulk:
    """Bulk exports.

    Args:
        database: Where the rows are, and what is made of them.
        clock: What expires when.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def ask(
        self,
        by: Member,
        types: Sequence[str],
        *,
        since: datetime | None,
        identified: bool,
        request: str,
    ) -> str:
        """Asks for an export of everything within reach; its identifier.

        Args:
            by: Who asks.
            types: Which resources; none is all that they may read.
            since: Only what was changed from then on.
            identified: Whether identifiers and labels are wanted.
            request: The address as it was asked for.

        Raises:
            NotAllowed: They may not.
            Invalid: There is no such type, or they look after nothing.
            TooMany: They have too many exports already.
        """
        for permission in (Permission.EXPORT, *([Permission.IDENTIFY] if identified else [])):
            by.demand(permission)
        if not by.organisations:
            raise Invalid("You look after no organisation, so there is nothing to export.")
        wanted = self._types(by, types)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchval(SQL.running, by.id, now) >= MOST:
                raise TooMany(f"You have {MOST} exports. Delete one, or wait.", 600)
            job = await connection.fetchval(
                SQL.ask, list(by.organisations), by.id, wanted, since, identified, request, now,
                now + KEPT,
            )  # fmt: skip
            await note(connection, now, "export.ask", "export", job, detail=" ".join(wanted))
        return f"{job}"

    @staticmethod
    def _types(by: Member, types: Sequence[str]) -> list[str]:
        for name in types:
            if name not in KINDS:
                raise Invalid(f"There is no type {name[:64]}; there are {', '.join(KINDS)}.")
            by.demand(KINDS[name].permission)
        return list(dict.fromkeys(types)) or [
            name for name, kind in KINDS.items() if by.may(kind.permission)
        ]

    async def manifest(self, by: Member, job: str, base: str) -> Manifest | None:
        """What an export has come to; None while it is being made.

        Raises:
            NotFound: They have none such, or it has expired.
            Conflict: It could not be made.
        """
        by.demand(Permission.EXPORT)
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.mine, job, by.id, self._clock())
            if row is None:
                raise NotFound("There is no such export. It may have expired.")
            if row["state"] == "failed":
                raise Conflict("The export could not be made. Ask for it again.")
            if row["state"] == "waiting":
                return None
            parts = await connection.fetch(SQL.parts, job)
        files = [
            Output(type=one["type"], url=f"{base}/{one['type']}", count=one["resources"])
            for one in parts
        ]
        return Manifest(
            transaction_time=row["asked_at"],
            request=row["request"],
            requires_access_token=True,
            output=[one for one in files if one.type != OUTCOME],
            error=[one for one in files if one.type == OUTCOME],
        )

    async def cancel(self, by: Member, job: str) -> None:
        """Deletes an export, whatever has become of it.

        Raises:
            NotFound: They have none such.
        """
        by.demand(Permission.EXPORT)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchval(SQL.cancel, job, by.id) is None:
                raise NotFound("There is no such export. It may have expired.")
            await note(connection, self._clock(), "export.delete", "export", job)

    async def file(self, by: Member, job: str, kind: str) -> AsyncIterator[bytes]:
        """The resources of one type, a line each; noted before the first byte is given.

        Raises:
            NotFound: There is no such file, or it has expired.
        """
        by.demand(Permission.EXPORT)
        if kind not in KINDS and kind != OUTCOME:
            raise NotFound("There is no such file. It may have expired.")
        if kind != OUTCOME:
            by.demand(KINDS[kind].permission)
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.mine, job, by.id, self._clock())
            if row is None or row["state"] != "made" or kind not in (*row["types"], OUTCOME):
                raise NotFound("There is no such file. It may have expired.")
            if row["identified"]:
                by.demand(Permission.IDENTIFY)
            await note(connection, self._clock(), "export.read", "export", job, detail=kind)
        return self._lines(by, job, kind)

    async def _lines(self, by: Member, job: str, kind: str) -> AsyncIterator[bytes]:
        number = 0
        while True:
            async with self._database.transaction(by.reach) as connection:
                body = await connection.fetchval(SQL.part, job, kind, number)
            if body is None:
                return
            yield bytes(body)
            number += 1

    async def make(self) -> bool:
        """Makes the export that has waited longest, unless another replica is at it."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.take, now, now + _LEASE)
            if row is not None:
                await connection.execute(SQL.clear, row["job"])
        if row is None:
            return False
        try:
            async with self._database.transaction(
                within(row["organisations"]), long=True
            ) as connection:
                agreed = await may_be_read(connection, now)
            for kind in row["types"]:
                await self._make(row, kind, agreed.homes)
            if agreed.left_out:
                await self._add(row["job"], OUTCOME, 0, [_line(left_out(agreed.left_out))])
            await self._finish(row["job"], "made")
        except DatabaseAway:  # the lease runs out, and it is made anew
            raise
        except Exception:
            log.exception("export %s could not be made", row["job"])
            await self._finish(row["job"], "failed")
        return True

    async def _make(self, row: Any, name: str, homes: list[str]) -> None:
        kind, number = KINDS[name], 0
        asked = rows.Asked(changed_since=row["since"], homes=homes)
        asked = until_now(asked, kind.source, row["asked_at"])
        reach = within(row["organisations"])
        async for page in rows.pages(self._database, reach, kind.source, asked):
            lines = await asyncio.to_thread(_encoded, kind, page, row["identified"])
            if not lines:
                continue
            await self._add(row["job"], name, number, lines)
            number += 1

    async def _add(self, job: object, name: str, number: int, lines: Sequence[bytes]) -> None:
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.add, job, name, number, len(lines), b"".join(lines))
            await connection.execute(SQL.renew, job, self._clock() + _LEASE)

    async def _finish(self, job: object, state: str) -> None:
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.finish, job, state, self._clock())

    async def forget(self) -> None:
        """Deletes what has expired."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget, self._clock())


def _encoded(kind: Kind, page: Sequence[rows.Row], identified: bool) -> list[bytes]:
    """A line for each resource of a page."""
    made = [kind.make(one, identified) for one in page]
    return [_line(one) for one in made if one is not None]


def _line(one: Resource) -> bytes:
    return msgspec.json.encode(one) + b"\n"
