"""What an export costs: rows a second, and how much more memory the process takes at its peak.

    python tools/export_speed.py [--events 1000000] [--homes 50]

Starts a PostgreSQL of its own with events of a quarter of a year, and prints a table.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from api.app import create_services
from api.clock import utc_now
from api.settings import Settings
from api.store.embedded import embedded
from api.store.migrate import migrate
from api.store.reach import within

_FILL = """
insert into event (home, at, sensor, kind, place, value, quality, journal, seq, body)
select 'h' || n % $2, timestamptz '2026-01-01 00:00Z' + n * (interval '90 days' / $1), 's' || n % 7,
    'motion', 'room' || n % 7, 1, 'ok', 1, n, '{}'
from generate_series(0, $1::integer - 1) n
"""

_AGREED = """
with s as (
    insert into staff (username, display_name, password_hash, role)
    values ('speed', 'Speed', '', 'administrator') returning id
), r as (
    insert into resident (home, sealed, added_at, changed_at, changed_by)
    select home, '', now(), now(), s.id from home, s returning resident, changed_by
)
insert into consent (
    resident, version, state, conditions, sensors, purposes, given_by, given_on, put_at, put_by)
select resident, 1, 'given', '{}', '{}', '{research}', 'person', now()::date, now(), changed_by
from r
"""


def _peak_mb() -> float:
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


async def _run(url: str, events: int, homes: int) -> None:
    connection = await asyncpg.connect(url)
    await migrate(connection)
    await connection.execute(
        "insert into home (home, organisation)"
        " select 'h' || n, 1 from generate_series(0, $1::integer - 1) n",
        homes,
    )
    await connection.execute(_AGREED)
    await connection.execute(_FILL, events, homes, timeout=3600)
    await connection.execute("analyze")
    await connection.close()
    services = create_services(Settings(database_url=url), utc_now)
    until = datetime(2026, 12, 31, tzinfo=UTC).date()
    for file in ("events.csv", "events.parquet", "daily_counts.csv"):
        began, before, size = time.monotonic(), _peak_mb(), 0
        made = await services.exports.within(within([1]), 1, file, until=until)
        async for part in made.parts:
            size += len(part)
        took = time.monotonic() - began
        print(
            f"{file:18} {size / 1e6:8.1f} MB in {took:6.1f} s,"
            f" peak of memory {before:6.0f} to {_peak_mb():6.0f} MB"
        )
    print(f"{events} events of {homes} homes")
    await services.database.close()


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--homes", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder) / "postgres") as url:
        asyncio.run(_run(url, asked.events, asked.homes))


if __name__ == "__main__":
    main()
