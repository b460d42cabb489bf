"""A half-migrated or quietly altered database loses records later, when nobody is looking."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from api.store.migrate import Migration, MigrationError, migrate, pending, shipped

FIRST = Migration("0001_first.sql", "create table a (x integer)")
OURS = [one.name for one in shipped() if one.flavour != "timescale"]
SECOND = Migration("0002_second.sql", "create table b (x integer)")


async def tables(connection: asyncpg.Connection) -> set[str]:
    rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return {row["tablename"] for row in rows} - {"schema_made"}


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_each_is_applied_once_in_order(empty: asyncpg.Connection) -> None:
    assert await pending(empty, [FIRST]) == ["0001_first.sql"]
    assert await migrate(empty, [FIRST]) == ["0001_first.sql"]
    assert await pending(empty, [FIRST, SECOND]) == ["0002_second.sql"]
    assert await migrate(empty, [FIRST, SECOND]) == ["0002_second.sql"]
    assert await migrate(empty, [FIRST, SECOND]) == []
    assert await pending(empty, [FIRST, SECOND]) == []
    assert await tables(empty) == {"a", "b", "migration"}


async def test_looking_changes_nothing(empty: asyncpg.Connection) -> None:
    assert await pending(empty) == OURS
    assert await tables(empty) == set()


async def test_replicas_that_start_at_once_migrate_once(database_url: str) -> None:
    connections = [await asyncpg.connect(database_url) for _ in range(4)]
    applied = await asyncio.gather(*(migrate(connection) for connection in connections))
    count = len([one for one in shipped() if one.flavour != "timescale"])
    assert sorted(map(len, applied)) == [0, 0, 0, count]
    for connection in connections:
        await connection.close()


async def test_a_file_changed_afterwards_is_refused_by_name(empty: asyncpg.Connection) -> None:
    await migrate(empty, [FIRST, SECOND])
    tampered = replace(FIRST, sql=FIRST.sql + " -- harmless?")
    for ask in (migrate, pending):
        with pytest.raises(MigrationError, match=r"0001_first\.sql has been changed.* new migr"):
            await ask(empty, [tampered, SECOND])


async def test_an_older_service_does_not_touch_a_newer_database(
    empty: asyncpg.Connection,
) -> None:
    late = Migration("0002_second.post.sql", "alter table a drop column x")
    await migrate(empty, [FIRST, SECOND, late])
    with pytest.raises(MigrationError, match=r"0002_second\.post\.sql.*newer telecare-api"):
        await migrate(empty, [FIRST])


async def test_replicas_can_be_replaced_one_at_a_time(empty: asyncpg.Connection) -> None:
    await migrate(empty, [FIRST])
    late = Migration("0002_second.post.sql", "alter table a drop column x")
    newer = [FIRST, SECOND, late]
    assert await migrate(empty, newer) == ["0002_second.sql"]
    assert await pending(empty, newer) == [], "it can work already"
    assert await pending(empty, [FIRST]) == [], "the version before goes on, and may start anew"
    assert await pending(empty, newer, finish=True) == ["0002_second.post.sql"]
    assert await migrate(empty, newer, finish=True) == ["0002_second.post.sql"]


async def test_the_next_roll_out_ends_the_one_before(empty: asyncpg.Connection) -> None:
    await migrate(empty, [FIRST])
    late = Migration("0002_second.post.sql", "alter table a drop column x")
    third = Migration("0003_third.sql", "alter table b add column y integer")
    await migrate(empty, [FIRST, SECOND, late])
    found = await migrate(empty, [FIRST, SECOND, late, third])
    assert found == ["0002_second.post.sql", "0003_third.sql"]


async def test_one_that_fails_leaves_nothing_of_itself_or_of_those_before(
    empty: asyncpg.Connection,
) -> None:
    broken = Migration("0002_broken.sql", "create table b (x integer); select 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, [FIRST, broken])
    assert await tables(empty) == set()
    assert await migrate(empty, [FIRST, SECOND]) == ["0001_first.sql", "0002_second.sql"]


async def test_a_database_keeps_the_flavour_it_was_set_up_with(
    empty: asyncpg.Connection,
) -> None:
    plain = Migration("0001_x.plain.sql", "create table plain (x integer)")
    other = Migration("0001_x.timescale.sql", "create table timescale (x integer)")
    assert await migrate(empty, [plain, other]) == ["0001_x.plain.sql"]
    assert await migrate(empty, [plain, other]) == []
    assert await tables(empty) == {"plain", "migration"}


def test_what_is_shipped_is_in_order_and_each_flavour_has_its_twin() -> None:
    orders = [one.order for one in shipped()]
    assert orders == sorted(orders)
    plain = {one.name.split(".")[0] for one in shipped() if one.flavour == "plain"}
    timescale = {one.name.split(".")[0] for one in shipped() if one.flavour == "timescale"}
    assert plain == timescale != set()
