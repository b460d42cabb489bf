"""Organisations: each has homes and staff of its own, and sees nothing of the others'."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from api.audit.note import note
from api.clock import Clock
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Database
from api.store.queries import load
from api.store.reach import CENTRE, Reach

MAX_NAME = 80


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """A client of the centre."""

    organisation: int
    name: str


@dataclass(frozen=True)
class _Sql:
    add: str
    all: str


SQL = load(_Sql)


class Organisations:
    """The organisations of the centre."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, name: str) -> Organisation:
        """Adds one.

        Raises:
            Invalid: The name will not do.
            Conflict: There is one of that name.
        """
        shown = name.strip()
        if not (0 < len(shown) <= MAX_NAME and shown.isprintable()):
            raise Invalid(f"An organisation's name has 1 to {MAX_NAME} printable characters.")
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.add, shown)
            if row is not None:
                number = row["organisation"]
                await note(connection, self._clock(), "organisation.add", "organisation", number)
        if row is None:
            raise Conflict(f"There is already an organisation {shown}.")
        return Organisation(**row)

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
