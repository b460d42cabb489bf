"""Organisations: each has homes and staff of its own, and sees nothing of the others'."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import msgspec

from api.audit.note import ORGANISATION, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.wide import everywhere
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from api.store.reach import CENTRE, Reach, for_all

MAX_NAME = 80


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """A client of the centre."""

    organisation: int
    name: str


class OrganisationStanding(Organisation, frozen=True, kw_only=True):
    """A client with what hangs on it.

    Attributes:
        homes: How many it has.
        hubs: Those at work in these.
        staff: Members of staff who look after it.
        destinations: Channels that are on.
        own_duties: Whether it was promised other than the centre's usual promises.
    """

    homes: int
    hubs: int
    staff: int
    destinations: int
    own_duties: bool


@dataclass(frozen=True)
class _Sql:
    add: str
    all: str
    rename: str
    standing: str


SQL = load(_Sql)


class Organisations:
    """The organisations of the centre."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, name: str, by: Member | None = None) -> Organisation:
        """Adds one; `by` is None for whoever runs the centre.

        Raises:
            NotAllowed: It is not for this role, or they look after some organisations alone.
            Invalid: The name will not do.
            Conflict: There is one of that name.
        """
        shown = _known(name)
        if by is not None:
            by.demand(Permission.MANAGE_ORGANISATIONS)
        async with self._database.transaction(for_all()) as connection:
            # Whoever looks after some alone would not see the one that they have added.
            if by is not None and not await everywhere(connection, by):
                raise NotAllowed("Only who looks after every organisation may add one.")
            row = await connection.fetchrow(SQL.add, shown)
            if row is not None:
                await self._note(connection, "organisation.add", row["organisation"], by)
        if row is None:
            raise Conflict(f"There is already an organisation {shown}.")
        return Organisation(**row)

    async def rename(self, organisation: int, name: str, by: Member, *, seen: str) -> Organisation:
        """Gives one another name; what hangs on it stays as it is.

        Args:
            organisation: Which.
            name: The new one.
            by: Who renames it.
            seen: The name that they looked at.

        Raises:
            NotAllowed: It is not for this role.
            NotFound: They do not look after it.
            Invalid: The name will not do.
            Conflict: There is one of that name, or it was renamed meanwhile.
        """
        by.demand(Permission.MANAGE_ORGANISATIONS)
        shown = _known(name)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        try:
            # Organisations are written as the centre; whose it is was settled above.
            async with self._database.transaction(for_all()) as connection:
                row = await connection.fetchrow(SQL.rename, organisation, seen, shown)
                if row is None:
                    raise Conflict("It was given another name meanwhile. Look at it again.")
                await self._note(connection, "organisation.rename", organisation, by)
        except asyncpg.UniqueViolationError as error:
            raise Conflict(f"There is already an organisation {shown}.") from error
        return Organisation(**row)

    async def standing(self, by: Member) -> list[OrganisationStanding]:
        """Those within reach with what hangs on each, by name.

        Raises:
            NotAllowed: It is not for this role.
        """
        by.demand(Permission.READ_ORGANISATIONS)
        async with self._database.transaction(for_all()) as connection:
            rows = await connection.fetch(SQL.standing, list(by.organisations))
        return [OrganisationStanding(**row) for row in rows]

    async def all(self, reach: Reach = CENTRE) -> list[Organisation]:
        """Those within reach, by name."""
        async with self._database.transaction(reach) as connection:
            return [Organisation(**row) for row in await connection.fetch(SQL.all)]

    async def named(self, names: Sequence[str]) -> list[Organisation]:
        """Those of these names.

        Raises:
            NotFound: There is none of one of the names; says which there are.
        """
        known = {one.name: one for one in await self.all()}
        for name in names:
            if name not in known:
                raise NotFound(f"There is no organisation {name}; there are {', '.join(known)}.")
        return [known[name] for name in names]

    async def only(self) -> Organisation:
        """The one that there is, where nobody has said which.

        Raises:
            Invalid: There are several.
        """
        known = await self.all()
        if len(known) != 1:
            names = ", ".join(one.name for one in known)
            raise Invalid(f"Say of which organisation it is: {names}.")
        return known[0]

    async def _note(
        self, connection: Connection, action: str, organisation: int, by: Member | None
    ) -> None:
        actor = by.actor if by else ""
        await note(connection, self._clock(), action, ORGANISATION, organisation, actor=actor)


def _known(name: str) -> str:
    shown = name.strip()
    if not (0 < len(shown) <= MAX_NAME and shown.isprintable()):
        raise Invalid(f"An organisation's name has 1 to {MAX_NAME} printable characters.")
    return shown
