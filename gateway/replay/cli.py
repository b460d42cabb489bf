"""`telecare-gateway replay`: what the hub would have said of recorded homes."""

import argparse
import sys
import time
from pathlib import Path

from gateway.detecting import detectors
from gateway.errors import HubError
from gateway.progress import progress_bar
from gateway.replay.homes import HomesError, Profiles
from gateway.replay.parallel import Task, replay
from gateway.replay.report import remarks, summary, write_lines, write_refused

_EPILOG = """\
Recordings hold one event per line (.jsonl or .jsonl.gz), sorted by time. Several are read in the
order given; a home that stands in more than one goes on from one to the next.

The file of --homes says what is known of the homes, all of it optional:
  [default]
  time_zone = "Europe/London"
  [homes.h1]
  people = 2
  budget = { uti_risk = 0.5 }       # false alerts per person-month

examples
  telecare-gateway replay homes.jsonl.gz --alerts alerts.jsonl --assessments assessments.jsonl
  telecare-gateway replay 2026-0*.jsonl.gz --alerts alerts.jsonl --homes homes.toml --workers 4
"""

_MOST_WORKERS = 64
"""Each is a process of its own that reads all of the recordings."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("recordings", nargs="+", type=_recording, metavar="RECORDING")
    parser.add_argument(
        "--alerts", type=_output, metavar="OUT.jsonl", help="write each alert's last version here"
    )
    parser.add_argument(
        "--assessments", type=_output, metavar="OUT.jsonl", help="write every assessment here"
    )
    parser.add_argument(
        "--homes", type=Path, metavar="FILE.toml", help="what is known of the homes"
    )
    parser.add_argument(
        "--refused", type=_output, metavar="FILE", help="write the lines that were no events here"
    )
    parser.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="processes to share the homes"
    )


def run(args: argparse.Namespace) -> int:
    """Replays, writes the files and prints what was done."""
    if wrong := _overwritten(args):
        print(
            f"{wrong} stands twice among recordings and outputs; it would be lost", file=sys.stderr
        )
        return 2
    try:
        task = Task(args.recordings, Profiles(args.homes), detectors())
        started = time.perf_counter()
        with progress_bar("replay") as progress:
            outcome = replay(task, args.workers, progress)
        seconds = time.perf_counter() - started
        if args.alerts:
            write_lines(args.alerts, outcome.alerts)
        if args.assessments:
            write_lines(args.assessments, outcome.assessments)
        if args.refused:
            write_refused(args.refused, outcome.refused)
    except HomesError as error:
        print(error, file=sys.stderr)
        return 2
    except (HubError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(summary(outcome, seconds))
    for remark in remarks(outcome, args.refused):
        print(remark, file=sys.stderr)
    nothing_read = outcome.refused and not outcome.events
    return 1 if nothing_read else 0


def _overwritten(args: argparse.Namespace) -> Path | None:
    """A file that one of the outputs would write over: a recording, or another output."""
    taken = {path.resolve() for path in args.recordings}
    for output in filter(None, (args.alerts, args.assessments, args.refused)):
        if output.resolve() in taken and not output.is_char_device():  # but /dev/null as you like
            return Path(output)
        taken.add(output.resolve())
    return None


def _recording(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no recording {text}")
    return path


def _output(text: str) -> Path:
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{path.parent} is not a folder")
    return path


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_WORKERS):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {_MOST_WORKERS}")
    return int(text)
