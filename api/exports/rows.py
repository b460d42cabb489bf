"""Pages through what an organisation has, each page in a transaction of its own.

So however much there is, a page of it is in memory, no transaction grows old, and whoever reads on
after a pause goes on where they were.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from api.store.database import Connection, Database
from api.store.queries import load
from api.store.reach import Reach

PAGE = 2000
EVER = datetime(1, 1, 2, tzinfo=UTC)
"""Before anything that is kept."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Sql:
    homes: str
    devices: str
    counts: str
    alerts: str
    events: str
    audit: str
    home_of: str
    name: str


SQL = load(_Sql)


class Asked(NamedTuple):
    """What is asked for, from each moment (inclusive) until another (exclusive); None asks nothing.

    Attributes:
        home: One home alone.
        since, until: Of what it is about: when counted, raised, told.
        changed_since, changed_until: Of its last change.
        homes: Those that may be shared; what is of no home goes with them. None is all.
    """

    home: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    changed_until: datetime | None = None
    homes: Sequence[str] | None = None


class Source(NamedTuple):
    """One kind of rows: its query, the columns of its key, and the key before the first."""

    query: str
    key: tuple[str, ...]
    first: tuple[Any, ...]


HOMES = Source(SQL.homes, ("home",), ("",))
DEVICES = Source(SQL.devices, ("home", "what", "name"), ("", "", ""))
COUNTS = Source(SQL.counts, ("home", "day", "place", "kind"), ("", EVER, "", ""))
ALERTS = Source(SQL.alerts, ("id",), (0,))
EVENTS = Source(SQL.events, ("at", "journal", "seq"), (EVER, 0, 0))
AUDIT = Source(SQL.audit, ("chain", "number"), (0, 0))


async def fetch(
    connection: Connection, source: Source, asked: Asked, after: Sequence[Any], limit: int
) -> list[Row]:
    """One page: at most `limit` rows behind the key `after`."""
    return await connection.fetch(source.query, *asked, limit, *(after or source.first))


def key_of(source: Source, row: Row) -> tuple[Any, ...]:
    """From where the next page goes on."""
    return tuple(row[name] for name in source.key)


async def pages(
    database: Database, reach: Reach, source: Source, asked: Asked, *, size: int = PAGE
) -> AsyncIterator[list[Row]]:
    """All of it, page by page; of events, home by home."""
    if source is EVENTS and asked.home is None:
        async for homes in pages(database, reach, HOMES, Asked(homes=asked.homes)):
            for home in homes:
                one = asked._replace(home=home["home"])
                async for page in pages(database, reach, source, one, size=size):
                    yield page
        return
    after: tuple[Any, ...] = source.first
    while True:
        async with database.transaction(reach) as connection:
            rows = await fetch(connection, source, asked, after, size)
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = key_of(source, rows[-1])


async def home_of(connection: Connection, pseudonym: str) -> str | None:
    """Whose a pseudonym is, within reach; None of none."""
    try:
        known = UUID(pseudonym)
    except ValueError:
        return None
    found: str | None = await connection.fetchval(SQL.home_of, known)
    return found
