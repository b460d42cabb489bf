"""What the audit log costs: entries a second in one chain and in several, and a look through them.

    python tools/audit_speed.py [--seconds 4]

Starts a PostgreSQL of its own, with every commit on disk as in production, and prints a table.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import asyncpg

from api.audit.note import note
from api.audit.verify import verify
from api.clock import utc_now
from api.store.database import Database
from api.store.embedded import embedded
from api.store.migrate import migrate
from api.store.reach import within

AT_ONCE = 16


async def _write(database: Database, chain: int, until: float) -> int:
    done = 0
    while time.monotonic() < until:
        async with database.transaction(within([chain], actor="staff:1")) as connection:
            await note(connection, utc_now(), "queue.read", "queue")
        done += 1
    return done


async def _nothing(database: Database, chain: int, until: float) -> int:
    """The same transaction without an entry, for what it would cost in any case."""
    done = 0
    while time.monotonic() < until:
        async with database.transaction(within([chain])) as connection:
            await connection.fetchval("select 1")
        done += 1
    return done


async def _run(url: str, seconds: float) -> None:
    connection = await asyncpg.connect(url)
    await migrate(connection)
    await connection.close()
    database = Database(url, connections=AT_ONCE)
    for named, work, chains in (
        ("reads without an entry", _nothing, 1),
        ("one chain", _write, 1),
        ("eight chains", _write, 8),
    ):
        until = time.monotonic() + seconds
        done = await asyncio.gather(
            *(work(database, 1 + n % chains, until) for n in range(AT_ONCE))
        )
        print(f"{named:24} {sum(done) / seconds:8.0f} a second, {AT_ONCE} at once")
    began = time.monotonic()
    verdict = await verify(database)
    entries = sum(head.entries for head in verdict.heads)
    print(f"verified {entries} entries at {entries / (time.monotonic() - began):.0f} a second")
    await database.close()


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder) / "postgres") as url:
        asyncio.run(_run(url, seconds))


if __name__ == "__main__":
    main()
