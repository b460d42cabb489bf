"""`telecare-gateway status`: how the hub of this machine fares, read beside it from its journal."""

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from textwrap import wrap
from zoneinfo import ZoneInfo

from contract import RecordKind
from gateway.beside import what_holds
from gateway.commands.common import add_settings, fail, say, say_json, with_own_journal
from gateway.errors import HubError
from gateway.report.live_view import live_view
from gateway.report.record_line import told
from gateway.report.report import Reporter, report
from gateway.report.report_lines import human, living
from gateway.report.terminal import shown
from gateway.settings import Files, Settings

_EPILOG = """\
The running hub is not disturbed, and need not run. On a terminal it is shown anew every second
until Ctrl-C, with the newest events; elsewhere, and with --once, once.

examples
  telecare-gateway status --settings hub.toml
  telecare-gateway status --settings hub.toml --once
  telecare-gateway status --settings hub.toml --json
"""
_EVERY_S = 1.0
_NEWEST = 6
_WIDTH = 76
_FOOT = "Ctrl-C ends this view, not the hub"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("--once", action="store_true", help="print it and end, also on a terminal")
    parser.add_argument("--json", action="store_true", help="print it once for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Shows how the hub fares."""
    live = sys.stdout.isatty() and not (args.once or args.json)
    return with_own_journal(
        args.settings,
        lambda settings, files: (
            _live(settings, files) if live else _once(settings, files, args.json)
        ),
    )


def _once(settings: Settings, files: Files, as_json: bool) -> int:
    try:
        found = report(settings, files, time.time())
    except HubError as error:
        return fail(error)
    if as_json:
        say_json(found)
    else:
        say("\n".join(map(shown, human(found, time.time()))))
    return 0


def _live(settings: Settings, files: Files) -> int:
    """Draws it until Ctrl-C. What cannot be read for a moment is said in its place."""
    with closing(Reporter(settings, files)) as reporter:
        try:
            reporter.report(time.time())
        except HubError as error:  # there is nothing to watch
            return fail(error)
        zone = ZoneInfo(what_holds(settings, files).settings.hub.time_zone)
        try:
            with live_view(sys.stdout) as view:
                while True:
                    view.draw(list(_page(reporter, zone)), _FOOT)
                    time.sleep(_EVERY_S)
        except KeyboardInterrupt:
            return 0


def _page(reporter: Reporter, zone: ZoneInfo) -> Iterator[str]:
    now = time.time()
    try:
        newest = [told(RecordKind.EVENT, body, zone) for body in reporter.newest_events(_NEWEST)]
        yield from living(reporter.report(now), now, newest)
    except (HubError, sqlite3.Error) as error:
        reporter.close()
        yield from wrap(str(error), _WIDTH)
