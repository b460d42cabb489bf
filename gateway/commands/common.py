"""What the commands share: the settings argument, the log, and how a failure ends."""

import argparse
import logging
import math
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from contract import ContractError, Kind
from gateway.beside import check_own, what_holds
from gateway.journal import JournalError
from gateway.journal.database import is_damage
from gateway.journal.opening import remedy_of_damage
from gateway.report.terminal import as_json, shown_lines
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
        help=f"the hub's settings (default {_DEFAULT}); `settings --keys` explains each",
    )


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Declares which events are asked for."""
    parser.add_argument(
        "--sensor", action="append", default=[], metavar="NAME", help="this one alone; repeatable"
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=[str(kind) for kind in Kind],
        metavar="KIND",
        help="this kind alone, such as motion; repeatable",
    )


def tell_strangers(names: Iterable[str], settings: Settings) -> None:
    """Tells which of the sensors that are asked for the settings do not have."""
    for name in sorted(set(names) - {one.name for one in settings.sensors}):
        remark(f"the settings have no sensor {name!r}: telecare-gateway sensors lists them")


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


def with_own_journal(path: Path, work: Callable[[Settings, Files], int]) -> int:
    """The same beside a journal; another home's ends it with one line, and nothing is shown."""

    def checked(settings: Settings, where: Files) -> int:
        try:
            check_own(settings, where)
        except JournalError as error:
            return fail(error)
        return telling_damage(where.journal, lambda: work(settings, where))

    return with_settings(path, checked)


def with_what_holds(path: Path, work: Callable[[Settings, Files], int]) -> int:
    """The same with the settings that the hub runs with: the centre's laid over the file's."""
    return with_own_journal(
        path, lambda settings, where: work(what_holds(settings, where).settings, where)
    )


def telling_damage(journal: Path, work: Callable[[], int]) -> int:
    """Does something with a journal; where it runs into damage, says so and what to do about it.

    A damaged one is marked, so that the hub's next start rebuilds it whatever it sees of it.
    """
    try:
        return work()
    except (sqlite3.Error, ContractError, msgspec.DecodeError) as error:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            return fail(f"{journal}: {error}; telecare-gateway doctor says more")
        return fail(f"{journal}: is damaged: {error}; {remedy_of_damage(journal)}")


def fail(error: object, *, code: int = 1) -> int:
    """Tells what went wrong; the exit code."""
    sys.stderr.write(f"{shown_lines(str(error))}\n")
    return code


def say(text: str) -> None:
    """Tells what was done."""
    sys.stdout.write(f"{shown_lines(text)}\n")


def say_json(value: object) -> None:
    """Tells it to a program."""
    sys.stdout.write(f"{as_json(value)}\n")


def remark(text: str) -> None:
    """Tells what else the reader should know, beside the output."""
    sys.stderr.write(f"{shown_lines(text)}\n")


def seconds(text: str, *, least: float, most: float) -> float:
    """A length of time as an argument.

    Raises:
        argparse.ArgumentTypeError: It is none, or out of bounds.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no time from {least:g} to {most:g} seconds")
    return value


def whole_number(text: str, *, least: int, most: int) -> int:
    """A whole number as an argument.

    Raises:
        argparse.ArgumentTypeError: It is none, or out of bounds.
    """
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most:,}")
    return int(text)
