"""What the commands share: the settings argument, the log, and how a failure ends."""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from gateway.beside import what_holds
from gateway.settings import Files, Settings, files, load
from gateway.toml_file import TomlError

_DEFAULT = Path("/etc/telecare/hub.toml")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declares `--settings`."""
    parser.add_argument(
        "--settings",
        type=Path,
        default=_DEFAULT,
        metavar="FILE.toml",
        help=f"the hub's settings (default {_DEFAULT}); docs/hub-settings.md has them all",
    )


def log_to_stderr() -> None:
    """One line each; the service manager adds the time where it reads them."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log each request


def with_settings(path: Path, work: Callable[[Settings, Files], int]) -> int:
    """Does something with the settings; wrong ones end it with exit code 2, and one line."""
    try:
        settings = load(path, os.environ)
    except TomlError as error:
        return fail(error, code=2)
    return work(settings, files(path, settings))


def with_what_holds(path: Path, work: Callable[[Settings, Files], int]) -> int:
    """The same with the settings that the hub runs with: the centre's laid over the file's."""
    return with_settings(
        path, lambda settings, where: work(what_holds(settings, where).settings, where)
    )


def fail(error: object, *, code: int = 1) -> int:
    """Tells what went wrong; the exit code."""
    sys.stderr.write(f"{error}\n")
    return code


def say(text: str) -> None:
    """Tells what was done."""
    sys.stdout.write(f"{text}\n")


def remark(text: str) -> None:
    """Tells what else the reader should know, beside the output."""
    sys.stderr.write(f"{text}\n")
