"""`telecare-api export`: a table into a file, for who runs the machine."""

import argparse
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from api.audit.note import COMMAND
from api.commands.with_services import whose, with_services
from api.exports.datasets import DATASETS
from api.exports.formats import FORMATS
from api.exports.service import Exports
from api.refusals import Invalid
from api.services import Services
from api.settings import Settings
from api.store.reach import within


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the args."""
    parser.add_argument("dataset", choices=list(DATASETS))
    parser.add_argument("--organisation", metavar="NAME", help="whose (the only one)")
    parser.add_argument("--format", choices=list(FORMATS), default="csv", help="(%(default)s)")
    parser.add_argument("--since", metavar="DAY", help="the first day, as 2026-03-01")
    parser.add_argument("--until", metavar="DAY", help="the last day")
    parser.add_argument("--out", type=Path, metavar="FILE", help="(standard output)")
    parser.add_argument(
        "--identified", action="store_true", help="also the columns that tell whose it is"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Writes the table; a file that is there is left as it is."""

    async def take(services: Services) -> int:
        organisation = (await whose(services, args.organisation)).organisation
        return await _export(services.exports, organisation, args)

    total = with_services(settings, take)
    print(f"{total} bytes of {args.dataset}", file=sys.stderr)
    return 0


async def _export(exports: Exports, organisation: int, args: argparse.Namespace) -> int:
    made = await exports.within(
        within([organisation], actor=COMMAND),
        organisation,
        f"{args.dataset}.{args.format}",
        since=_day(args.since),
        until=_day(args.until),
        identified=args.identified,
    )
    if made.left_out:
        sys.stderr.write(f"{made.left_out} homes are left out, for want of consent\n")
    if args.out is None:
        return await _write(made.parts, sys.stdout.buffer)
    try:
        with args.out.open("xb") as file:  # what was taken out before is not written over
            return await _write(made.parts, file)
    except OSError as error:
        raise Invalid(f"{args.out}: cannot be written: {error.strerror}") from error


async def _write(made: AsyncIterator[bytes], file: BinaryIO) -> int:
    total = 0
    async for part in made:
        total += file.write(part)
    return total


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text} is not a day, such as 2026-03-01.") from error
