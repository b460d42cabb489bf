"""Fills a centre's database with events and prints how large it is and how long queries take.

    python tools/store_size.py --events 50000000 --folder /some/large/disk
    python tools/store_size.py --events 1000000 --url postgresql://...   an empty database

Without --url it starts a PostgreSQL of its own in a new folder below --folder, and removes it.
Events come as they would from homes of 400 events a day over a year, in the order of their time, by
the tables that ingest writes to, so that they are counted on the way. With TimescaleDB in the
database what is older than a week is compressed and the counts are rolled up before queries are
timed.
"""

import argparse
import asyncio
import random
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from api.alerts.sql import SQL as ALERTS
from api.homes.service import SQL as HOMES
from api.store.embedded import embedded
from api.store.migrate import migrate
from api.store.reach import within

DAYS, A_DAY = 364, 400
TRIES = 500
ALERTS_EACH = 40
_LONDON = ZoneInfo("Europe/London")

_HOMES = """
insert into home (home, label, organisation)
select 'h' || n, 'Flat ' || n, 1 from generate_series(1, $1::integer) n
"""
_WEEK = """
insert into series.event (home, at, sensor, kind, place, value, quality, journal, seq, body)
select 'h' || h, at, place || '-' || kind, kind, place, 1, 'measured', h, seq,
    format('{"v":1,"home":"h%s","at":"%s","sensor":"%s-%s","kind":"%s","place":"%s","value":1,'
        '"quality":"measured"}', h, at, place, kind, kind, place)::json
from (
    select h, n as seq, $2::timestamptz + (n + random()) * interval '216 s' as at,
        (array['hall', 'kitchen', 'bathroom', 'bedroom', 'living', 'bathroom'])[k] as place,
        (array['motion', 'motion', 'motion', 'motion', 'motion', 'flush'])[k] as kind
    from generate_series(0, 7 * 400 - 1) n
    cross join generate_series(1, $1::integer) h
    cross join lateral (select 1 + abs(hashint8(n * 7919::bigint + h * 104729)) % 6 as k) as which
) as made
"""
_ALERTS = """
insert into alert (home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body, state, resolved_by, resolved_at, outcome)
select 'h' || h, at, 'r' || n, 'uti_risk', '', 'advisory', 0.8, 'Text.', 'Ask.', at, at, 1, '{}',
    case when n > 1 then 'resolved' else 'raised' end, case when n > 1 then 1 end,
    case when n > 1 then at end, case when n > 1 then 'test' end
from generate_series(1, $1::integer) h
cross join generate_series(1, $2::integer) n
cross join lateral (
    select $3::timestamptz - n * interval '9 days' - h * interval '1 minute' as at
) as t
"""
_SIZES = """
select n.nspname || '.' || regexp_replace(c.relname, '_\\d{4}_\\d\\d$|_other$', '') as name,
    sum(pg_table_size(c.oid))::bigint as rows, sum(pg_indexes_size(c.oid))::bigint as indexes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'series') and c.relkind = 'r'
group by 1 having sum(pg_total_relation_size(c.oid)) > 1000000 order by 2 desc
"""
_SIZES_OF_CHUNKS = """
select name, hypertable_size(of::regclass) as rows, 0::bigint as indexes
from (
    select 'series.' || hypertable_name as name,
        format('%I.%I', hypertable_schema, hypertable_name) as of
    from timescaledb_information.hypertables where hypertable_schema = 'series'
    union all
    select 'series.' || view_name,
        format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name)
    from timescaledb_information.continuous_aggregates
) as each order by 2 desc
"""
_STAFF = """
insert into staff (username, display_name, role, password_hash, everywhere)
values ('ann', 'Ann B', 'operator', '', true)
"""
_LOCAL = "select exists (select from pg_extension where extname = 'timescaledb')"


def main() -> int:
    """Fills and measures; 1 where a target is missed."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=50_000_000)
    parser.add_argument("--folder", type=Path, help="on a disk with 500 bytes for each event")
    parser.add_argument("--url", help="an empty database; what is written there stays there")
    asked = parser.parse_args()
    with ExitStack() as stack:
        url = asked.url
        if url is None:
            place = stack.enter_context(
                TemporaryDirectory(prefix="telecare-size-", dir=asked.folder)
            )
            Path(place).chmod(0o755)  # started by root, the server is another user
            url = stack.enter_context(embedded(Path(place) / "data"))
        return asyncio.run(_report(url, asked.events))


async def _report(url: str, events: int) -> int:
    connection = await asyncpg.connect(url)
    try:
        homes = max(1, events // (DAYS * A_DAY))
        now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        timescale = await _fill(connection, homes, now)
        count = await connection.fetchval("select count(*) from series.event")
        version = await connection.fetchval("select split_part(version(), ' ', 2)")
        kind = "with TimescaleDB" if timescale else "native partitions"
        _say(f"\nPostgreSQL {version}, {kind}: {count:,} events of {homes} homes, {DAYS} days\n")
        await _sizes(connection, _SIZES_OF_CHUNKS if timescale else _SIZES, count)
        return await _times(connection, homes, now)
    finally:
        await connection.close()


async def _fill(connection: asyncpg.Connection, homes: int, now: datetime) -> bool:
    await migrate(connection)
    await connection.execute("set synchronous_commit = off")
    await connection.execute(_STAFF)
    await connection.execute(_HOMES, homes)
    start = now - timedelta(days=DAYS)
    await connection.execute("select series.add_months($1, $2)", start, now)
    began = perf_counter()
    for week in range(DAYS // 7):
        await connection.execute(_WEEK, homes, start + timedelta(weeks=week))
        if week % 13 == 12:  # noqa: PLR2004 - four times
            done = (week + 1) * 7 * A_DAY * homes
            _say(f"{done:,} events, {done / (perf_counter() - began):,.0f} a second")
    await connection.execute(_ALERTS, homes, ALERTS_EACH, now)
    timescale = bool(await connection.fetchval(_LOCAL))
    if timescale:
        await connection.execute(
            "select compress_chunk(c)"
            " from show_chunks('series.event', older_than => $1::timestamptz) c",
            now - timedelta(days=7),
        )
        for name in ("hourly_counts", "daily_counts"):
            await connection.execute(
                f"call refresh_continuous_aggregate('series.{name}', null, null)"
            )
    await connection.execute("vacuum analyze")
    return timescale


async def _sizes(connection: asyncpg.Connection, query: str, events: int) -> None:
    _say("| table | rows, MB | indexes, MB | bytes an event |\n|---|---|---|---|")
    for row in await connection.fetch(query):
        each = (row["rows"] + row["indexes"]) / events
        mb = (row["rows"] / 1e6, row["indexes"] / 1e6)
        _say(f"| {row['name']} | {mb[0]:,.0f} | {mb[1]:,.0f} | {each:.1f} |")


async def _times(connection: asyncpg.Connection, homes: int, now: datetime) -> int:
    dice = random.Random(1)  # noqa: S311 - which homes are asked for

    def home() -> str:
        return f"h{dice.randint(1, homes)}"

    today = now.astimezone(_LONDON).date()
    midnights = [
        datetime.combine(today - timedelta(days=back), time(), _LONDON)
        for back in range(90, -1, -1)
    ]
    asked: list[tuple[str, float | None, Callable[[], Awaitable[Any]]]] = [
        ("one home's 90 days of daily counts", 5.0,
         lambda: connection.fetch(HOMES.london_days, home(), midnights, midnights[-1])),
        ("the same from hours, as for other time zones", None,
         lambda: connection.fetch(HOMES.days, home(), midnights, midnights[-1])),
        ("one home's last day in quarters of an hour", None,
         lambda: connection.fetch(HOMES.activity, home(), now - timedelta(days=1))),
        ("the queue's first 50 of each lane", 2.0, lambda: connection.fetch(ALERTS.queue, 50)),
        ("one home's newest 20 alerts", 2.0,
         lambda: connection.fetch(ALERTS.of_home, home(), 0, 20)),
    ]  # fmt: skip
    _say("\n| query, as an organisation's | p50, ms | p99, ms | wanted |\n|---|---|---|---|")
    missed = 0
    await connection.fetchval("select $1::timestamptz[]", midnights)  # learns the type as its owner
    async with _as_organisation(connection):
        for name, wanted, ask in asked:
            p50, p99 = await _time(ask)
            missed += wanted is not None and p50 > wanted
            _say(f"| {name} | {p50:.2f} | {p99:.2f} | {f'p50 < {wanted:g}' if wanted else ''} |")
    return 1 if missed else 0


async def _time(ask: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    assert await ask(), "a query that finds nothing says nothing"  # noqa: S101 - a report's own check
    took = []
    for _ in range(TRIES):
        began = perf_counter()
        await ask()
        took.append((perf_counter() - began) * 1000)
    cuts = quantiles(took, n=100)
    return cuts[49], cuts[98]


@asynccontextmanager
async def _as_organisation(connection: asyncpg.Connection) -> AsyncIterator[None]:
    async with connection.transaction():
        reach = within([1])
        await connection.execute(reach.sql, *reach.arguments)
        yield


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
