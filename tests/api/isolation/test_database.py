"""What is one client's stays its own where every query forgets to ask: by the database alone."""

from contextlib import suppress

import asyncpg
import pytest

from api.services import Services
from api.store.reach import Reach, within
from tests.api.isolation.world import World

EVERYBODY_S = {
    "migration": {"name", "checksum", "applied_at"},
    "staff": {"id", "username", "display_name", "role"},
}
"""What every client sees all rows of, and which columns: see docs/security.md."""
_TABLES = """
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace
    and a.attnum > 0 and not a.attisdropped
    and has_column_privilege('telecare_organisation', c.oid, a.attnum, 'select')
group by 1 order by 1
"""
_CHANGES = """
select c.relname as name, min(a.attname) filter (
        where has_column_privilege('telecare_organisation', c.oid, a.attnum, 'update')
            and has_column_privilege('telecare_organisation', c.oid, a.attnum, 'select')
    ) as column,
    has_table_privilege('telecare_organisation', c.oid, 'delete') as goes
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p', 'v') and c.relnamespace = 'public'::regnamespace
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
group by 1, c.oid order by 1
"""


class UndoneError(Exception):
    """Ends a transaction whose changes are not wanted."""


async def readable(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """Whatever table or view the role of an organisation may read, with the columns."""
    return {row["name"]: row["columns"] for row in await connection.fetch(_TABLES)}


async def rows_of(services: Services, reach: Reach, table: str, columns: list[str]) -> set[str]:
    listed = ", ".join(f't."{one}"' for one in columns)
    async with services.database.transaction(reach) as inside:
        found = await inside.fetch(f'select row({listed})::text as it from "{table}" t')  # noqa: S608 - names of the catalogue
    return {row["it"] for row in found}


async def test_every_table_has_rows_of_ours_and_shows_another_client_none(
    services: Services, world: World, connection: asyncpg.Connection
) -> None:
    tables = await readable(connection)
    assert len(tables) > 30
    empty = []
    for table, columns in tables.items():
        if table in EVERYBODY_S:
            continue
        ours = await rows_of(services, within([1]), table, columns)
        theirs = await rows_of(services, within([world.other]), table, columns)
        if table == "duty":  # those of nobody in particular are everybody's
            ours -= await rows_of(services, within([]), table, columns)
        if not ours:
            empty.append(table)
        assert not ours & theirs, table
        assert [row for row in theirs if world.told(row)] == [], table
    assert empty == [], "world.py puts no row of ours there: nothing could be seen"


async def test_no_statement_changes_or_removes_a_row_of_another_client(
    services: Services, world: World, connection: asyncpg.Connection
) -> None:
    """Each table is written to without any condition, as a query would that forgot it."""
    tables, tried = await readable(connection), 0
    for row in await connection.fetch(_CHANGES):
        table, column = row["name"], row["column"]
        statements = [f'update "{table}" set "{column}" = "{column}"'] if column else []  # noqa: S608 - names of the catalogue
        statements += [f'delete from "{table}"'] if row["goes"] else []  # noqa: S608 - the same
        for statement in statements:
            theirs = await rows_of(services, within([world.other]), table, tables[table])
            theirs -= await rows_of(services, within([1]), table, tables[table])
            count = await _count(services, within([world.other]), statement)
            assert count <= len(theirs), statement
            tried += 1
    assert tried > 20


async def _count(services: Services, reach: Reach, statement: str) -> int:
    """How many rows it would have changed."""
    said = ""
    with suppress(UndoneError):
        async with services.database.transaction(reach) as inside:
            said = await inside.execute(statement)
            raise UndoneError
    return int(said.rpartition(" ")[2])


@pytest.mark.parametrize("table", sorted(EVERYBODY_S))
async def test_of_what_every_client_sees_only_these_columns_can_be_read(
    services: Services, world: World, connection: asyncpg.Connection, table: str
) -> None:
    """Of staff: what they are called, and in which role. Nothing by which they come in."""
    del world
    found = (await readable(connection))[table]
    assert set(found) == EVERYBODY_S[table]
    whole = await connection.fetchval(
        "select count(*) from pg_attribute where attrelid = $1::text::regclass and attnum > 0"
        " and not attisdropped", table,
    )  # fmt: skip
    if table == "staff":
        assert (whole or 0) > len(found)
        for hidden in ("password_hash", "everywhere", "disabled_at", "last_here_at"):
            async with services.database.transaction(within([1])) as inside:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await inside.fetch(f"select {hidden} from staff")  # noqa: S608 - named above
