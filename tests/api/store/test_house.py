"""What has been kept long enough goes; what happens next month has a place to go to."""

import asyncio

import asyncpg

from api.services import Services
from api.store.house import keep_house
from tests.api.support import add_device


async def months(connection: asyncpg.Connection, kind: str = "event") -> set[str]:
    rows = await connection.fetch(
        "select inhrelid::regclass::text as name from pg_inherits"
        " where inhparent = ('series.' || $1::text)::regclass",
        kind,
    )
    return {row["name"].removeprefix(f"series.{kind}_") for row in rows}


async def test_there_is_room_for_the_months_ahead(
    services: Services, connection: asyncpg.Connection
) -> None:
    ahead = await connection.fetch(
        "select to_char(m, 'YYYY_MM') as month"
        " from generate_series(now(), now() + interval '3 months', '1 month') as m"
    )
    for row in ahead:
        await connection.execute(f"drop table series.event_{row['month']}")
    assert await keep_house(services.database) == {}
    assert {row["month"] for row in ahead} <= await months(connection)


async def test_an_event_of_a_month_that_nobody_had_made_is_brought_there_later(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, "h1")
    await services.ingest.store(device.batch([device.event(1, at="2024-02-29T23:30:00Z")]), "h1")
    assert await connection.fetchval("select count(*) from series.event_other") == 1
    await connection.execute("select series.add_months('2024-02-01Z', '2024-02-01Z')")
    assert await connection.fetchval("select count(*) from series.event_other") == 0
    assert await connection.fetchval("select count(*) from series.event_2024_02") == 1
    assert await connection.fetchval("select sum(n) from hourly_counts") == 1, "counted once"


async def test_what_was_kept_long_enough_goes_and_the_rest_stays(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services, "h1")
    now = await connection.fetchval("select now()")
    await connection.execute(
        "select series.add_months($1::timestamptz - interval '4 years', $1)", now
    )
    ages = await connection.fetch(
        "select $1::timestamptz - days * interval '1 day' as at"
        " from unnest('{1,300,700,1400}'::int[]) as days",
        now,
    )
    records = [device.event(n, at=row["at"].isoformat()) for n, row in enumerate(ages, 1)]
    await services.ingest.store(device.batch(records), "h1")
    gone = await keep_house(services.database)
    assert gone["event"] > 10, "whole months"
    left = await connection.fetch("select seq from event order by seq")
    assert [row["seq"] for row in left] == [1, 2, 3]
    assert await connection.fetchval("select sum(n) from hourly_counts") == 4, "counts stay longer"
    await connection.execute("update retention set days = 400 where class = 'counts'")
    assert (await keep_house(services.database))["counts"] == 2
    await connection.execute("update retention set days = null where class = 'event'")
    assert "event" not in await keep_house(services.database), "for ever, where a centre says so"


async def test_replicas_that_begin_together_do_it_once(
    services: Services, connection: asyncpg.Connection
) -> None:
    async with connection.transaction():
        await connection.fetchval("select pg_advisory_xact_lock($1)", 0x7E1ECA2F)
        assert await keep_house(services.database) == {}, "somebody else is at it"
    await asyncio.gather(*(keep_house(services.database) for _ in range(4)))
    assert len(await months(connection, "health")) >= 4
