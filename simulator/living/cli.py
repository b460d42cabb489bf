"""`telecare-simulator generate`: recordings of made-up homes and people, ill or well."""

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from simulator.arguments import apart, day, how_long, how_many_homes, positive, recording_to_write
from simulator.files import whole, write_whole
from simulator.living.episode_spec import HELP, parse_episode
from simulator.living.episodes.episode import DAY_S
from simulator.living.generate import WorkerError, write_street
from simulator.living.household import ALONE, SETTLED
from simulator.living.street import Label, Planned, Street, begun, too_late
from simulator.progress import Progress
from simulator.scenarios import ScenarioError, Staged
from simulator.scenarios.library import load

_FIRST_DAY = "2026-03-01"

_EPILOG = f"""\
{HELP}
examples
  telecare-simulator generate --homes 5 --days 60 --episode uti:home3:day40 --out homes.jsonl.gz
  telecare-simulator generate --homes 40 --days 60 --alone --out homes.jsonl --truth truth.jsonl
  telecare-simulator generate --scenario uti-in-week-4 --out homes.jsonl.gz --truth truth.jsonl

The same seed gives the same homes, named home1, home2 and so on, however many there are and however
many workers live in them. Some are couples, some have a cat, some a carer: `--alone` leaves one
person in each. What befalls them is written to the truth file and nowhere else; what would set in
only after the last day is left out, and said.
A scenario says all of that in a file: `telecare-simulator scenarios` lists those that are at hand.
Many homes? In the sources, and with a C compiler, `make compiled` once: the same bytes in about
half the time.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add_street(parser)
    parser.add_argument(
        "--days", type=how_long, metavar="D", help="how long; needed but for a scenario"
    )
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
    parser.add_argument(
        "--scenario", metavar="NAME|FILE", help="a street with a story, in place of all of these:"
    )
    parser.add_argument("--homes", type=how_many_homes, metavar="N", help="how many (1)")
    parser.add_argument("--seed", type=positive, metavar="S", help="which homes (1)")
    parser.add_argument("--start", type=day, metavar="DATE", help="first day, in UTC (2026-03-01)")
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


class Task(NamedTuple):
    """What is to be recorded: a street, for so many days, and what befalls it."""

    street: Street
    days: int
    truth: Iterable[Label]


def task_of(args: argparse.Namespace) -> Task:
    """What the arguments describe.

    Raises:
        ScenarioError: There is no such scenario, or it cannot be played.
        ValueError: The arguments do not go together, or an episode befalls no home of the street.
    """
    apart({"--out": args.out, "--truth": args.truth})
    if args.scenario:
        return _from_scenario(args)
    if args.days is None:
        raise ValueError("say how long by --days, or name a --scenario")
    street = street_of(args)
    return Task(street, args.days, street.truth())


def _from_scenario(args: argparse.Namespace) -> Task:
    refuse_beside_scenario(args)
    scenario = load(args.scenario)
    staged = Staged.of(scenario, args.start.timestamp() if args.start else None)
    if staged.faults:
        print(
            f"{args.scenario}: {len(staged.faults)} faults of messages are left out: a recording "
            "holds events; `telecare-simulator run --scenario` plays them",
            file=sys.stderr,
        )
    return Task(staged.street, args.days or scenario.days, staged.truth())


def refuse_beside_scenario(args: argparse.Namespace) -> None:
    """Makes sure that nothing is said of the street twice.

    Raises:
        ValueError: It is. The sentence names the option.
    """
    for option in ("homes", "seed", "alone", "episode"):
        if getattr(args, option):
            raise ValueError(f"--{option} and --scenario do not go together: a scenario says that")


def street_of(args: argparse.Namespace) -> Street:
    """The street that the arguments describe.

    Raises:
        ValueError: An episode befalls a home that is not there.
    """
    street = Street(
        seed=args.seed or 1,
        start=(args.start or day(_FIRST_DAY)).timestamp(),
        homes=args.homes or 1,
        mix=ALONE if args.alone else SETTLED,
        planned=tuple(args.episode),
    )
    if strangers := {plan.home for plan in street.planned} - set(street.names):
        raise ValueError(f"no home is called {min(strangers)}")
    return street


def run(args: argparse.Namespace) -> int:
    """Generates, and says how much."""
    try:
        street, days, truth = task_of(args)
    except (ScenarioError, ValueError) as error:
        print(f"telecare-simulator generate: {error}", file=sys.stderr)
        return 2
    labels, never = begun(truth, street.start + days * DAY_S)
    if never:
        print(too_late(never), file=sys.stderr)
    try:
        count = _write(args, street, days, labels)
    except (ValueError, OSError, WorkerError) as error:
        print(f"telecare-simulator generate: {error}", file=sys.stderr)
        return 1
    print(f"{args.out}: {count:,} events of {street.homes} homes over {days} days")
    return 0


def _write(args: argparse.Namespace, street: Street, days: int, labels: list[Label]) -> int:
    """Both files, or none of them; returns how many events there are."""
    with ExitStack() as stack:
        if args.truth:  # at first, so that a name which cannot be is told at once
            write_truth(stack.enter_context(whole(args.truth)), labels)
        progress = stack.enter_context(Progress("living", days, unit="days"))
        return write_street(
            street,
            days,
            args.out,
            workers=min(args.workers, street.homes),
            advance=lambda done: progress.advance(done - progress.done),
        )


def write_truth(path: Path, labels: Iterable[Label]) -> None:
    """Writes a truth file.

    Raises:
        OSError: It cannot be written.
    """
    write_whole(path, b"".join(msgspec.json.encode(label) + b"\n" for label in labels))
