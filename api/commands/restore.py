"""`telecare-api restore`: brings a back-up back, looks whether all of it is there, and shuts it."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from api.audit.note import CENTRE, COMMAND, note
from api.commands.common import connected, database
from api.operation.brought_back import DO_AGAIN, Ended, shut
from api.operation.restore import Restored, restore
from api.settings import Settings
from api.store.timekeeper import database_time


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="that a back-up wrote")
    what.add_argument(
        "--by-hand", action="store_true",
        help="PostgreSQL's own programs have brought it back: only end what may be no longer so",
    )  # fmt: skip


def run(args: argparse.Namespace, settings: Settings) -> int:
    """1 where what was brought back is not what was backed up."""
    with database(settings) as at:
        if args.by_hand:
            _tell(asyncio.run(_by_hand(at)))
            return 0
        done = asyncio.run(_restore(at, args.folder))
    for fault in done.faults:
        print(fault, file=sys.stderr)
    made = done.manifest
    print(f"{sum(made.rows.values())} rows as of {made.at:%F %T} UTC, {len(done.faults)} faults")
    _tell(done.ended)
    return 1 if done.faults else 0


async def _restore(at: Settings, folder: Path) -> Restored:
    async with connected(at) as connection:
        now = await database_time(connection)
        done = await restore(connection, at.database_url, folder, now)
        said = f"as of {done.manifest.at:%F %T} UTC, {len(done.faults)} faults"
        now = await database_time(connection)
        await note(connection, now, "centre.restore", CENTRE, detail=said, actor=COMMAND)
    return done


async def _by_hand(at: Settings) -> list[Ended]:
    async with connected(at) as connection, connection.transaction():
        now = await database_time(connection)
        ended = await shut(connection, now)
        said = "brought back by hand"
        await note(connection, now, "centre.restore", CENTRE, detail=said, actor=COMMAND)
    return ended


def _tell(ended: Sequence[Ended]) -> None:
    print(", ".join(f"{one.rows} {one.what}" for one in ended))
    print(
        "What was taken back after the back-up was made is not taken back here. Before anybody "
        "comes in, look in a copy of the audit log for these and do them again, as "
        f"docs/operations.md says under 'After a restore': {', '.join(DO_AGAIN)}."
    )
