"""`telecare-gateway run`: the hub itself."""

import argparse

from gateway.app import run_hub
from gateway.commands.common import add_settings, fail, log_to_stderr, with_settings
from gateway.errors import HubError
from gateway.settings import Files, Settings

_EPILOG = """\
The hub runs until it is ended (Ctrl-C or SIGTERM); it may be ended at any instant without loss.
A broker or centre that is away is tried again until it is back.

example
  telecare-gateway run --settings hub.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Runs the hub until it is told to end."""
    log_to_stderr()
    return with_settings(args.settings, _run)


def _run(settings: Settings, files: Files) -> int:
    try:
        run_hub(settings, files)
    except HubError as error:
        return fail(error)
    return 0
