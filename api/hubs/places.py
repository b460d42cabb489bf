"""Places for hubs, as staff see to them: added, given a new code, followed by another, let go."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from api.audit.note import HUB, note
from api.clock import Clock
from api.downlink.sql import SQL as DOWNLINK
from api.hubs.claims import check_home
from api.hubs.codes import code_hash, new_code, plain_of
from api.hubs.sql import SQL
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.reach import Reach
from api.store.zones import check_zone

MOST_DAYS = 90
"""A code that staff print is good for at most so long."""


class PlaceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A place for a hub in a home, which is added where it is new.

    Attributes:
        home: Pseudonymous identifier; it goes to the hub, so never a person's name.
        label: What staff call the home, such as "Flat 12"; replaces an earlier one if given.
        time_zone: IANA name; counts for a home that is new.
        days: How long the claim code is good for, above 0, at most 90.
    """

    home: str
    label: str = ""
    time_zone: str = "Europe/London"
    days: float = 7


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its claim code, which is shown this once; the centre keeps only a hash."""

    hub: str
    home: str
    code: str
    expires_at: datetime
    replaces: str = ""


class HubLine(msgspec.Struct, frozen=True, kw_only=True):
    """A hub and how it stands, for whoever runs the centre.

    Attributes:
        organisation: By name.
        revoked_why: `revoked` or `replaced`.
        replaces: The hub that it follows, or followed.
    """

    hub: str
    home: str
    organisation: str
    claimed_at: datetime | None
    last_seen_at: datetime | None
    revoked_at: datetime | None
    revoked_why: str | None
    replaces: str | None


class Places:
    """The places for hubs."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        left: Callable[[Connection, str], Awaitable[object]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._left = left

    async def all(self, reach: Reach) -> list[HubLine]:
        """Every hub within reach, also those let go, by organisation and home."""
        async with self._database.transaction(reach) as connection:
            return [HubLine(**row) for row in await connection.fetch(SQL.all)]

    async def add(self, organisation: int, asked: PlaceRequest, by: Member) -> Place:
        """Adds a place for a hub, and the home where it is new.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: It is no organisation of theirs.
            Invalid: The home, label, time zone or days will not do.
            Conflict: The home is another organisation's.
        """
        by.demand(Permission.ADD_HUBS)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        check_home(asked.home, asked.label)
        made = _make(asked.home, self._end(asked.days))
        about = (asked.home, asked.label.strip(), asked.time_zone, organisation)
        try:
            async with self._database.transaction(by.reach) as connection:
                await check_zone(connection, asked.time_zone)
                if await connection.fetchval(SQL.add_home, *about) is None:
                    raise Conflict(f"Home {asked.home} is another organisation's.")
                await self._put(connection, made)
        except asyncpg.InsufficientPrivilegeError as error:  # a row that they must not see
            raise Conflict(f"Home {asked.home} is another organisation's.") from error
        return made

    async def renew(self, hub: str, by: Member, days: float = 7) -> Place:
        """Gives a place that no hub has claimed a new code; the one before opens nothing more.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: They look after no such hub.
            Conflict: It has been claimed, or was let go.
        """
        by.demand(Permission.ADD_HUBS)
        async with self._database.transaction(by.reach) as connection:
            row = await _lock(connection, hub)
            if row["public_key"] is not None or row["revoked_at"] is not None:
                raise Conflict(f"{hub} needs no code: it was claimed or let go.")
            made = msgspec.structs.replace(_make(row["home"], self._end(days)), hub=hub)
            hashed = await _hash(made.code)
            await connection.execute(SQL.renew_code, hub, hashed, made.expires_at)
            await note(connection, self._clock(), "hub.code", HUB, hub)
        return made

    async def replace(self, hub: str, by: Member, days: float = 7) -> Place:
        """Adds a place in the same home for the hub that is to follow `hub`.

        The home keeps its history. `hub` is heard until the new one first speaks, and from that
        moment turned away: so no event is counted twice.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: They look after no such hub.
            Conflict: It is not at work, or another is to follow it already.
        """
        by.demand(Permission.ADD_HUBS)
        async with self._database.transaction(by.reach) as connection:
            row = await _lock(connection, hub)
            if row["public_key"] is None or row["revoked_at"] is not None:
                raise Conflict(f"{hub} is not at work: there is nothing to follow.")
            known = await connection.fetchval(SQL.successor, hub)
            if known is not None:
                raise Conflict(f"{known} is to follow {hub} already. Revoke it first.")
            made = _make(row["home"], self._end(days), replaces=hub)
            await self._put(connection, made)
        return made

    async def revoke(self, hub: str, by: Member) -> None:
        """Lets a hub go: its key, its tokens and its claim code open nothing from now on.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: They look after no such hub.
            Conflict: It was let go already.
        """
        by.demand(Permission.REVOKE_HUBS)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            row = await _lock(connection, hub)
            if await connection.fetchval(SQL.revoke, hub, now, "revoked") is None:
                raise Conflict(f"{hub} was let go already.")
            await connection.execute(SQL.end_silence, hub, now)
            await connection.execute(DOWNLINK.tell_hub, hub)  # who waits is turned away, too
            if self._left is not None:
                await self._left(connection, row["home"])
            await note(connection, now, "hub.revoke", HUB, hub)

    async def _put(self, connection: Connection, made: Place) -> None:
        hashed, follows = await _hash(made.code), made.replaces or None
        await connection.execute(SQL.add_hub, made.hub, made.home, hashed, made.expires_at, follows)
        await note(
            connection, self._clock(), "hub.add", HUB, made.hub,
            detail=f"replaces {follows}" if follows else "",
        )  # fmt: skip

    def _end(self, days: float) -> datetime:
        if not 0 < days <= MOST_DAYS:
            raise Invalid(f"days must be above 0 and at most {MOST_DAYS}.")
        return self._clock() + timedelta(days=days)


def _make(home: str, until: datetime, replaces: str = "") -> Place:
    hub, code = f"hub-{secrets.token_hex(5)}", new_code(secrets.choice)
    return Place(hub=hub, home=home, code=code, expires_at=until, replaces=replaces)


async def _hash(code: str) -> bytes:
    return await asyncio.to_thread(code_hash, plain_of(code))


async def _lock(connection: Connection, hub: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] | None = await connection.fetchrow(SQL.lock_hub, hub)
    if row is None:
        raise NotFound(f"There is no hub {hub}.")
    return row
