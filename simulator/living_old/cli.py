"""`telecare-simulator generate`: recordings of made-up homes and people, ill or well."""

import argparse
import sys
from collections.abc import Iterator

from contract import SensorEvent
from contract.recordings import write_recording
from simulator.arguments import day, positive, recording_to_write
from simulator.living.episode_spec import HELP, PlannedEpisode, parse_episode
from simulator.living.episodes import DAY_S
from simulator.living.generate import generate, made_up_home
from simulator.progress import Progress

_EPILOG = f"""\
{HELP}
example
  telecare-simulator generate --homes 5 --days 60 --episode uti:home3:day40 --out homes.jsonl.gz

The same seed gives the same homes, named home1, home2 and so on.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("--homes", type=positive, default=1, metavar="N", help="how many (1)")
    parser.add_argument("--days", type=positive, required=True, metavar="D", help="how long")
    parser.add_argument("--seed", type=positive, default=1, metavar="S", help="which homes (1)")
    parser.add_argument(
        "--start", type=day, default=day("2026-03-01"), metavar="DATE", help="first day, in UTC"
    )
    parser.add_argument(
        "--episode", type=episode, action="append", default=[], metavar="EPISODE", help="see below"
    )
    parser.add_argument(
        "--out", type=recording_to_write, required=True, metavar="FILE", help="FILE.jsonl[.gz]"
    )


def episode(text: str) -> PlannedEpisode:
    """An episode as argparse reads it."""
    try:
        return parse_episode(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Generates, and says how much."""
    start = args.start.timestamp()
    names = {f"home{number}" for number in range(1, args.homes + 1)}
    if strangers := {plan.home for plan in args.episode} - names:
        print(f"telecare-simulator generate: no home is called {min(strangers)}", file=sys.stderr)
        return 2
    try:
        homes = [
            made_up_home(number, seed=args.seed, start=start, planned=args.episode)
            for number in range(1, args.homes + 1)
        ]
        with Progress("living", args.days, unit="days") as progress:
            events = generate(homes, start=start, days=args.days)
            count = write_recording(args.out, _watched(events, start, progress))
    except (ValueError, OSError) as error:
        print(f"telecare-simulator generate: {error}", file=sys.stderr)
        return 1
    print(f"{args.out}: {count:,} events of {args.homes} homes over {args.days} days")
    return 0


def _watched(
    events: Iterator[SensorEvent], start: float, progress: Progress
) -> Iterator[SensorEvent]:
    for event in events:
        yield event
        if (days := (event.at.timestamp() - start) // DAY_S) > progress.done:
            progress.advance(days - progress.done)
