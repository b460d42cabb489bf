"""`telecare-simulator import`: public recordings of real homes into our format."""

import argparse
import sys
from pathlib import Path

from simulator.arguments import recording_to_write
from simulator.importers.recording import import_recording
from simulator.importers.registry import IMPORTERS
from simulator.importers.source import BadRow, SourceError
from simulator.progress import Progress

_SHOWN = 20

_EPILOG = """\
sources
{sources}

examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator import kettle DATA/kettle --out kettle.jsonl

Rows that cannot be read are counted and shown with their file and line; the rest is imported.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG.format(
        sources="\n".join(f"  {name:<9}{importer.title}" for name, importer in IMPORTERS.items())
    )
    parser.add_argument("kind", metavar="SOURCE", choices=sorted(IMPORTERS), help="which data set")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where its files are")
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=recording_to_write,
        required=True,
        help="FILE.jsonl or FILE.jsonl.gz",
    )


class _Refused:
    """Counts the rows that could not be read and shows the first of them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, row: BadRow) -> None:
        self.count += 1
        if self.count <= _SHOWN:
            print(f"{row.file}:{row.line}: {row.reason}", file=sys.stderr)


def run(args: argparse.Namespace) -> int:
    """Imports, and says what came of it."""
    importer = IMPORTERS[args.kind]
    refused = _Refused()
    try:
        total = sum(path.stat().st_size for path in importer.files(args.folder))
        with Progress(f"reading {importer.name}", total, unit="bytes") as progress:
            events, homes = import_recording(
                importer, args.folder, args.out, advance=progress.advance, refuse=refused
            )
    except (SourceError, OSError) as error:
        print(f"telecare-simulator import: {error}", file=sys.stderr)
        return 1
    if refused.count > _SHOWN:
        print(f"... and {refused.count - _SHOWN} more rows refused", file=sys.stderr)
    print(f"{args.out}: {events:,} events of {homes} homes; {refused.count:,} rows refused")
    print(importer.attribution)
    return 0
