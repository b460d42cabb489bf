"""`telecare-simulator generate`: recordings of made-up homes and people, ill or well."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from simulator.arguments import day, positive, recording_to_write
from simulator.living.episode_spec import HELP, parse_episode
from simulator.living.generate import WorkerError, write_street
from simulator.living.household import ALONE, SETTLED
from simulator.living.street import Label, Planned, Street
from simulator.progress import Progress

_EPILOG = f"""\
{HELP}
examples
  telecare-simulator generate --homes 5 --days 60 --episode uti:home3:day40 --out homes.jsonl.gz
  telecare-simulator generate --homes 40 --days 60 --alone --out homes.jsonl --truth truth.jsonl

The same seed gives the same homes, named home1, home2 and so on, however many there are and however
many workers live in them. Some are couples, some have a cat, some a carer: `--alone` leaves one
person in each. What befalls them is written to the truth file and nowhere else.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add_street(parser)
    parser.add_argument("--days", type=positive, required=True, metavar="D", help="how long")
    parser.add_argument(
        "--workers", type=positive, default=os.cpu_count() or 1, metavar="N", help="processes (all)"
    )
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help="what befell whom, as JSON lines"
    )
    parser.add_argument(
        "--out", type=recording_to_write, required=True, metavar="FILE", help="FILE.jsonl[.gz]"
    )


def add_street(parser: argparse.ArgumentParser) -> None:
    """Which homes, and what befalls them."""
    parser.add_argument("--homes", type=positive, default=1, metavar="N", help="how many (1)")
    parser.add_argument("--seed", type=positive, default=1, metavar="S", help="which homes (1)")
    parser.add_argument(
        "--start", type=day, default=day("2026-03-01"), metavar="DATE", help="first day, in UTC"
    )
    parser.add_argument("--alone", action="store_true", help="one person in each, and nobody else")
    parser.add_argument(
        "--episode", type=episode, action="append", default=[], metavar="EPISODE", help="see below"
    )


def episode(text: str) -> Planned:
    """An episode as argparse reads it."""
    try:
        return parse_episode(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def street_of(args: argparse.Namespace) -> Street:
    """The street that the arguments describe.

    Raises:
        ValueError: An episode befalls a home that is not there.
    """
    street = Street(
        seed=args.seed,
        start=args.start.timestamp(),
        homes=args.homes,
        mix=ALONE if args.alone else SETTLED,
        planned=tuple(args.episode),
    )
    if strangers := {plan.home for plan in street.planned} - set(street.names):
        raise ValueError(f"no home is called {min(strangers)}")
    return street


def run(args: argparse.Namespace) -> int:
    """Generates, and says how much."""
    try:
        street = street_of(args)
    except ValueError as error:
        print(f"telecare-simulator generate: {error}", file=sys.stderr)
        return 2
    try:
        if args.truth:
            write_truth(args.truth, street.truth())
        with Progress("living", args.days, unit="days") as progress:
            count = write_street(
                street,
                args.days,
                args.out,
                workers=min(args.workers, args.homes),
                advance=lambda days: progress.advance(days - progress.done),
            )
    except (ValueError, OSError, WorkerError) as error:
        print(f"telecare-simulator generate: {error}", file=sys.stderr)
        return 1
    print(f"{args.out}: {count:,} events of {args.homes} homes over {args.days} days")
    return 0


def write_truth(path: Path, labels: Iterable[Label]) -> None:
    """Writes a truth file.

    Raises:
        OSError: It cannot be written.
    """
    path.write_bytes(b"".join(msgspec.json.encode(label) + b"\n" for label in labels))
