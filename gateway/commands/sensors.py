"""`telecare-gateway sensors`: the home's sensors in a table."""

import argparse
import time

from gateway.commands.common import add_settings, fail, remark, say, say_json, with_own_journal
from gateway.errors import HubError
from gateway.report.sensor_table import DAYS, lines, sensor_table
from gateway.report.terminal import shown
from gateway.settings import Files, Settings

_EPILOG = f"""\
`a day` is how many events a sensor tells on a usual day: the median of up to {DAYS} whole days
before today; `?` before there is one. `link` is the radio's quality from 0 to 255, where the
network tells it.

examples
  telecare-gateway sensors --settings hub.toml
  telecare-gateway sensors --settings hub.toml --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Prints the table."""
    return with_own_journal(
        args.settings, lambda settings, files: _show(settings, files, args.json)
    )


def _show(settings: Settings, files: Files, as_json: bool) -> int:
    now = time.time()
    try:
        table = sensor_table(settings, files, now)
    except HubError as error:
        return fail(error)
    if as_json:
        say_json(table.rows)
    else:
        say("\n".join(map(shown, lines(table.rows, now))))
    for one in table.remarks:
        remark(one)
    return 0
