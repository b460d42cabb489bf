"""`telecare-gateway status`: how the hub of this machine fares, read beside it from its journal."""

import argparse
import time

import msgspec

from gateway.commands.common import add_settings, fail, say, with_settings
from gateway.errors import HubError
from gateway.report import Report, human, report
from gateway.settings import Files, Settings

_EPILOG = """\
The running hub is not disturbed, and need not run.

examples
  telecare-gateway status --settings hub.toml
  telecare-gateway status --settings hub.toml --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Prints how the hub fares."""
    return with_settings(args.settings, lambda settings, files: _show(settings, files, args.json))


def _show(settings: Settings, files: Files, as_json: bool) -> int:
    try:
        found = report(settings, files, time.time())
    except HubError as error:
        return fail(error)
    say(_json(found) if as_json else "\n".join(human(found, time.time())))
    return 0


def _json(found: Report) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
