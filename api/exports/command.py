"""`telecare-api export`: a table into a file, for who runs the machine."""

import argparse
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from api.exports.datasets import DATASETS
from api.exports.formats import FORMATS
from api.exports.service import Exports
from api.refusals import Invalid
from api.store.reach import within


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("dataset", choices=list(DATASETS))
    parser.add_argument("--organisation", metavar="NAME", help="whose (the only one)")
    parser.add_argument("--format", choices=list(FORMATS), default="csv", help="(%(default)s)")
    parser.add_argument("--since", metavar="DAY", help="the first day, as 2026-03-01")
    parser.add_argument("--until", metavar="DAY", help="the last day")
    parser.add_argument("--out", type=Path, metavar="FILE", help="(standard output)")
    parser.add_argument(
        "--identified", action="store_true", help="also the columns that tell whose it is"
    )


async def export(exports: Exports, organisation: int, arguments: argparse.Namespace) -> int:
    """Writes the table; how many bytes.

    Raises:
        Invalid: A day is none, or the file is there or cannot be written.
    """
    made = await exports.within(
        within([organisation]),
        organisation,
        f"{arguments.dataset}.{arguments.format}",
        since=_day(arguments.since),
        until=_day(arguments.until),
        identified=arguments.identified,
    )
    if made.left_out:
        sys.stderr.write(f"{made.left_out} homes are left out, for want of consent\n")
    if arguments.out is None:
        return await _write(made.parts, sys.stdout.buffer)
    try:
        with arguments.out.open("xb") as file:  # what was taken out before is not written over
            return await _write(made.parts, file)
    except OSError as error:
        raise Invalid(f"{arguments.out}: cannot be written: {error.strerror}") from error


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
