"""Everything about one home, for the person it is about: as a program reads it, and on a page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.residents import read
from api.people.sealing import Sealing
from api.people.sql import SQL
from api.people.views import Resident, Words
from api.refusals import NotFound
from api.store.database import Connection, Database

BULK = frozenset({"event", "assessment", "health", "hourly_counts", "daily_counts"})
"""What sensors and hubs told, line by line: on the page it is counted."""
MOST_ON_A_PAGE = 2000


Opener = Callable[[Connection, str], Awaitable[Sequence[Words]]]
"""What another room keeps sealed of a home, opened."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page shows.

    Attributes:
        tables: Rows by table.
        counted: How many rows of each table there are.
    """

    residents: list[Resident]
    tables: dict[str, list[dict[str, object]]]
    counted: dict[str, int]


class Exports:
    """Exports of one home.

    Args:
        database: Where everything is.
        clock: The centre's.
        sealing: Opens who lives there.
        opener: Opens what others keep sealed; it stands among the rows, as of the table `opened`.
    """

    def __init__(
        self, database: Database, clock: Clock, sealing: Sealing, opener: Opener | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._opener = opener

    async def begin(self, home: str, by: Member) -> list[Resident]:
        """Notes that all of a home is exported; who lives there.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home.
        """
        by.demand(Permission.EXPORT_PEOPLE)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchrow(SQL.home, home) is None:
                raise NotFound(f"There is no home {home}.")
            residents = await read(connection, home, self._sealing)
            await note(connection, self._clock(), "people.export", HOME, home)
        return residents

    async def json(self, home: str, by: Member, residents: list[Resident]) -> AsyncIterator[bytes]:
        """The whole as one JSON object, piece by piece, however long it is."""
        head = {"home": home, "made_at": self._clock(), "residents": residents}
        yield msgspec.json.encode(head)[:-1] + b',"rows":['
        before = b""
        async for source, line in self._lines(home, by):
            yield before + b'{"table":' + msgspec.json.encode(source) + b',"row":' + line + b"}"
            before = b",\n"
        yield b"]}"

    async def record(self, home: str, by: Member) -> Record:
        """The whole as a page shows it: what came line by line is counted.

        Raises:
            NotAllowed, NotFound: As they say.
        """
        residents = await self.begin(home, by)
        tables: dict[str, list[dict[str, object]]] = {}
        counted: dict[str, int] = {}
        async for source, line in self._lines(home, by):
            counted[source] = counted.get(source, 0) + 1
            rows = tables.setdefault(source, [])
            if source not in BULK and len(rows) < MOST_ON_A_PAGE:
                rows.append(_row(line))
        return Record(residents=residents, tables=tables, counted=counted)

    async def _lines(self, home: str, by: Member) -> AsyncIterator[tuple[str, bytes]]:
        async with self._database.transaction(by.reach, long=True) as connection:
            await connection.execute(SQL.export, home)
            while rows := await connection.fetch(SQL.export_more):
                for row in rows:
                    yield row["source"], row["line"].encode()
            for words in await self._opener(connection, home) if self._opener else ():
                yield "opened", msgspec.json.encode(words)


def _row(line: bytes) -> dict[str, object]:
    """A row as its columns; whole as it stands where a hub told what cannot be read."""
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except msgspec.MsgspecError:
        return {"row": line.decode()}
