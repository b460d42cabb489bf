"""`telecare-api`: runs the centre, and the few things that are done beside it."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from api.commands.common import Stop
from api.oidc.settings import read_provider
from api.operation import logs
from api.operation.traces import NoTraces
from api.refusals import Refused
from api.settings import ALLOWED, Settings, SettingsError, read_settings, variable
from api.store.migrate import MigrationError

# Each is a module with `configure(parser)` and `run(args, settings) -> int`, whose name has `_` for
# `-`; only the one asked for is imported, for most of them bring the whole centre.
_COMMANDS = {
    "serve": "run the centre until Ctrl-C",
    "migrate": "bring the database to this version",
    "create-user": "add a member of staff",
    "staff": "list, invite, change and let go members of staff",
    "reset-second-factor": "for somebody who has lost their app and their recovery codes",
    "link-user": "have somebody come in by the OpenID provider from now on, and by that alone",
    "verify-audit": (
        "look through the audit log for what was changed, removed or put in; 1 if anything"
    ),
    "backup": "write a back-up, also while the centre runs",
    "reseal": "seal with the newest key what earlier ones have sealed, also while the centre runs",
    "restore": "bring a back-up back into an empty database",
    "add-organisation": "add a client, apart from all others",
    "add-hub": "add a hub to a home and print its claim code",
    "hubs": "show the hubs, let one go, or have another follow it",
    "export": "take events, counts or alerts out as a table",
    "outbox": "show, or set, who is told of alerts",
}

_INTERRUPTED = 130  # what a shell expects after Ctrl-C

_EXAMPLES = """examples:
  telecare-api serve                          with a PostgreSQL of its own
  DATABASE_URL=postgresql://centre@db/centre telecare-api serve --host 0.0.0.0
  telecare-api create-user ann --name "Ann B" --role supervisor --everywhere
  telecare-api staff invite bob --organisation "Our homes"   prints a link for a password
  telecare-api staff disable bob
  telecare-api add-hub --home h17 --name "Flat 12"
  telecare-api migrate --check

"""
_EPILOG = "settings, in the environment or as keys of the --settings file:\n" + "\n".join(
    f"  {variable(key)}\n      {key}: {says}" for key, says in ALLOWED.items()
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it is done, 1 when it failed, 2 when it was asked for wrongly."""
    asked = _parser().parse_known_args(argv)[0].command
    arguments = _parser(asked).parse_args(argv)
    try:
        settings = _settings(arguments)
        logs.set_up(settings.log_format)
    except SettingsError as error:
        print(f"telecare-api: {error}", file=sys.stderr)
        return 2
    try:
        return int(_module(asked).run(arguments, settings))
    except (Stop, Refused, MigrationError, NoTraces) as error:
        print(f"telecare-api: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser(asked: str | None = None) -> argparse.ArgumentParser:
    """For all commands, with the arguments of the one that is asked for, once that is known."""
    parser = argparse.ArgumentParser(
        prog="telecare-api",
        description="The monitoring centre: takes in what home hubs report, serves the console.",
        epilog=_EXAMPLES + _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # else `--password X` would be read as `--password-file X`, and shown
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="a TOML file with settings")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary, allow_abbrev=False, add_help=name == asked
        )
        if name == asked:
            _module(name).configure(command)
    return parser


def _module(command: str) -> ModuleType:
    return import_module(f"api.commands.{command.replace('-', '_')}")


def _settings(arguments: argparse.Namespace) -> Settings:
    environment = dict(os.environ)
    for key in ("host", "port"):
        given = getattr(arguments, key, None)
        if given is not None:
            environment[variable(key)] = str(given)
    settings = read_settings(environment, arguments.settings)
    read_provider(settings)
    return settings
