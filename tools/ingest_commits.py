"""What a commit costs ingest: batches a second with each on disk, gathered, and not awaited.

    python tools/ingest_commits.py [--seconds 4]

Starts a PostgreSQL of its own, with every commit on disk as in production, and prints a table. What
is between the first line and the last is the most that gathering commits could ever gain.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec

from api.clock import utc_now
from api.hubs.ingest import Ingest
from api.store.database import Database
from api.store.embedded import embedded
from api.store.migrate import migrate
from contract import Batch, Record, RecordKind

HUBS, CONNECTIONS = 32, 16
_FITTED = """
with made as (
    insert into home (home, organisation) select 'h' || n, 1 from generate_series(1, $1::integer) n
)
select 1
"""
_CLAIMED = """
insert into hub (hub, home, claim_hash, claim_expires_at, public_key, claimed_at)
select 'hub-' || n, 'h' || n, sha256(n::text::bytea), now(), '\\x01', now()
from generate_series(1, $1::integer) n
"""
WAYS = {
    "every commit on disk": ("on", 0),
    "commits gathered for 1 ms": ("on", 1000),
    "commits not awaited": ("off", 0),
}


def _batch(number: int, seq: int) -> Batch:
    at = datetime.now(UTC).isoformat()
    event = {"v": 1, "home": f"h{number}", "at": at, "sensor": "pir", "kind": "motion",
             "place": "hall", "value": 1}  # fmt: skip
    body = msgspec.Raw(msgspec.json.encode(event))
    records = [Record(seq=seq + n, kind=RecordKind.EVENT, body=body) for n in range(5)]
    return Batch(hub=f"hub-{number}", epoch="e1", records=records)


async def _send(ingest: Ingest, number: int, first: int, until: float) -> int:
    seq = first
    while time.monotonic() < until:
        await ingest.store(_batch(number, seq), f"h{number}")
        seq += 5
    return (seq - first) // 5


async def _measure(url: str, seconds: float) -> None:
    owner = await asyncpg.connect(url)
    await migrate(owner)
    await owner.execute(_FITTED, HUBS)
    await owner.execute(_CLAIMED, HUBS)
    print("| way | batches of 5 events a second |\n|---|---|")
    for turn, (name, (awaited, delay)) in enumerate(WAYS.items()):
        await owner.execute(f"alter system set synchronous_commit = {awaited}")
        await owner.execute(f"alter system set commit_delay = {delay}")
        await owner.execute("select pg_reload_conf()")
        database = Database(url, connections=CONNECTIONS)
        ingest = Ingest(database, utc_now)
        until = time.monotonic() + seconds
        first = 1 + turn * 10_000_000
        done = await asyncio.gather(
            *(_send(ingest, number, first, until) for number in range(1, HUBS + 1))
        )
        await database.close()
        print(f"| {name} | {sum(done) / seconds:,.0f} |")
    await owner.close()


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="telecare-commits-") as place:
        Path(place).chmod(0o755)  # started by root, the server is another user
        with embedded(Path(place) / "data") as url:
            asyncio.run(_measure(url, asked.seconds))


if __name__ == "__main__":
    main()
