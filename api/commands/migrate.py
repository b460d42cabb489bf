"""`telecare-api migrate`: brings the database to this version, or says what is missing."""

import argparse
import asyncio

from api.audit.note import CENTRE, COMMAND, note
from api.commands.common import connected, database, migrated
from api.settings import Settings
from api.store.drift import drift
from api.store.timekeeper import database_time


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--check", action="store_true", help="only say what is missing; 1 if any")
    parser.add_argument(
        "--finish",
        action="store_true",
        help="also what only this version can live with, once no older replica runs",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """1 where something was changed by hand, or where `--check` finds something missing."""
    with database(settings) as at:
        names = asyncio.run(_migrated(at, check=args.check, finish=args.finish))
        changed = asyncio.run(_drift(at))
    for name in names:
        print(f"missing {name}" if args.check else f"applied {name}")
    for line in changed:
        print(f"changed by hand, {line}")
    if not names and not changed:
        print("the database is up to date")
    return 1 if changed or (args.check and names) else 0


async def _migrated(settings: Settings, *, check: bool, finish: bool) -> list[str]:
    names = await migrated(settings, check=check, finish=finish)
    if names and not check:
        async with connected(settings) as connection:
            said = f"{names[0]} to {names[-1]}"
            await note(
                connection,
                await database_time(connection),
                "centre.migrate",
                CENTRE,
                detail=said,
                actor=COMMAND,
            )
    return names


async def _drift(settings: Settings) -> list[str]:
    async with connected(settings) as connection:
        return await drift(connection)
