"""`python -m tests.api.failover`: strikes two replicas and their database, prints the figures."""

import argparse
import asyncio
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.failover.blows import BLOWS, disk_full, strike
from tests.api.failover.books import Books, balance, consoles_are_true, settle
from tests.api.failover.table import books_line, recovery_table
from tests.api.failover.world import world


def main() -> int:
    """All blows, once or more; 1 where anything was lost or done twice."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    parser = argparse.ArgumentParser(prog="python -m tests.api.failover", description=__doc__)
    parser.add_argument("--times", type=int, default=1, help="each blow befalls them (1)")
    parser.add_argument("--seed", type=int, default=1, help="of what operators do (1)")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="telecare-failover-") as folder:
        books = asyncio.run(_play(Path(folder), asked.times, asked.seed))
    for fault in books.faults:
        sys.stdout.write(f"\nFAULT {fault}\n")
    return 1 if books.faults else 0


async def _play(folder: Path, times: int, seed: int) -> Books:
    async with world(folder, seed) as one:
        blows = [blow for blow in BLOWS if blow is not disk_full or one.disk is not None]
        recovered = [await strike(one, blow) for blow in blows * times]
        await one.rest()
        rested = await settle(one)
        await consoles_are_true(one)
        books = await balance(one, rested)
    sys.stdout.write(f"{recovery_table(recovered)}\n\n{books_line(books)}\n")
    return books


if __name__ == "__main__":
    sys.exit(main())
