"""`telecare-gateway export`: what this hub has heard, as a recording."""

import argparse
import time
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.commands.common import (
    add_choices,
    add_settings,
    fail,
    remark,
    say,
    tell_strangers,
    with_what_holds,
)
from gateway.commands.moments import HELP, MomentError, moment
from gateway.errors import HubError
from gateway.exporting import Span, export
from gateway.journal.inspection import Inspection
from gateway.report.progress import progress_bar
from gateway.settings import Files, Settings

_EPILOG = f"""\
One event a line, sorted by time, as `telecare-gateway replay` and `import` read it. The running
hub is not disturbed. Times are the home's: {HELP}.

examples
  telecare-gateway export home.jsonl.gz --settings hub.toml
  telecare-gateway export march.jsonl --since 2026-03-01 --until 2026-04-01 --settings hub.toml
  telecare-gateway export doors.jsonl --since 7d --kind opening --settings hub.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("recording", type=Path, metavar="FILE.jsonl[.gz]")
    parser.add_argument("--since", metavar="TIME", help="from this on (default: the first)")
    parser.add_argument("--until", metavar="TIME", help="before this (default: the last)")
    add_choices(parser)
    parser.add_argument("--force", action="store_true", help="replace the file where there is one")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Exports."""
    name = args.recording.name
    if not name.endswith((".jsonl", ".jsonl.gz")):
        return fail(f"{name!r} is no name of a recording; allowed are .jsonl and .jsonl.gz", code=2)
    if args.recording.exists() and not args.force:
        return fail(f"{args.recording} is there already; --force replaces it", code=2)
    return with_what_holds(args.settings, lambda settings, files: _export(args, settings, files))


def _export(args: argparse.Namespace, settings: Settings, files: Files) -> int:
    try:
        span = _span(args, settings)
    except MomentError as error:
        return fail(error, code=2)
    if span.since >= span.until:
        return fail("--since is not before --until: no event can lie between", code=2)
    tell_strangers(args.sensor, settings)
    try:
        with (
            closing(Inspection(files.journal)) as inspection,
            progress_bar("export") as progress,
        ):
            count = export(inspection, span, args.recording, progress)
    except HubError as error:
        return fail(error)
    say(f"{count:,} events of home {settings.hub.home} in {args.recording}")
    if not count:
        remark("the hub has heard no such event; the file is empty")
    return 0


def _span(args: argparse.Namespace, settings: Settings) -> Span:
    zone, now = ZoneInfo(settings.hub.time_zone), time.time()
    span = Span(sensors=frozenset(args.sensor), kinds=frozenset(args.kind))
    if args.since is not None:
        span = span._replace(since=moment(args.since, zone, now))
    if args.until is not None:
        span = span._replace(until=moment(args.until, zone, now))
    return span
