"""`telecare-api backup`: one instant of the centre, also while it runs."""

import argparse
import asyncio
import sys
from importlib.metadata import version
from pathlib import Path

from api.commands.common import connected, database
from api.operation.backup import back_up
from api.settings import Settings
from api.store.timekeeper import database_time


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="that is not there yet")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Writes it, and says of what instant it is."""

    async def work(at: Settings) -> str:
        async with connected(at) as connection:
            made = await back_up(
                connection, at.database_url, args.folder,
                software=version("telecare"), now=await database_time(connection),
            )  # fmt: skip
        return f"{sum(made.rows.values())} rows, {made.size} bytes, as of {made.at:%F %T} UTC"

    with database(settings) as at:
        print(asyncio.run(work(at)))
    print("the key that seals secrets is not in it: keep that apart", file=sys.stderr)
    return 0
