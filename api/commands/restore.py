"""`telecare-api restore`: brings a back-up back, and looks whether all of it is there."""

import argparse
import asyncio
import sys
from pathlib import Path

from api.audit.note import CENTRE, COMMAND, note
from api.clock import utc_now
from api.commands.common import connected, database
from api.operation.restore import Restored, restore
from api.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="that a back-up wrote")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """1 where what was brought back is not what was backed up."""

    async def work(at: Settings) -> Restored:
        async with connected(at) as connection:
            done = await restore(connection, at.database_url, args.folder)
            said = f"as of {done.manifest.at:%F %T} UTC, {len(done.faults)} faults"
            await note(connection, utc_now(), "centre.restore", CENTRE, detail=said, actor=COMMAND)
            return done

    with database(settings) as at:
        done = asyncio.run(work(at))
    for fault in done.faults:
        print(fault, file=sys.stderr)
    made = done.manifest
    print(f"{sum(made.rows.values())} rows as of {made.at:%F %T} UTC, {len(done.faults)} faults")
    return 1 if done.faults else 0
