"""`telecare-gateway settings`: what holds, where it was set, and what could be."""

import argparse
import os
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from textwrap import wrap
from typing import Any

import msgspec

from gateway.beside import what_holds
from gateway.commands.common import add_settings, remark, say, say_json, with_settings
from gateway.settings import Files, Settings
from gateway.settings.environment import BROKER_PASSWORD, settable
from gateway.settings.manual import Key, keys, schema
from gateway.settings.sources import Held, held
from gateway.toml_file import Step, dotted

_EPILOG = f"""\
Values come from the file (here with their line) and from the environment, which stands above it:
TELECARE_GATEWAY_BROKER_HOST sets [broker] host. Lists such as [[sensors]] stand in the file alone.
Above both stands what the centre has set, as the hub's journal has it (`centre, version 3`).
What is printed is itself a settings file. {BROKER_PASSWORD} may hold the
broker's password in place of [broker] password_file; it is never shown.

examples
  telecare-gateway settings --settings hub.toml
  TELECARE_GATEWAY_BROKER_PORT=1884 telecare-gateway settings --settings hub.toml
  telecare-gateway settings --keys
  telecare-gateway settings --schema > hub.schema.json
"""
_COLUMN = 46
_WIDTH = 96


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--keys", action="store_true", help="what may be set: range, default and what it is for"
    )
    form.add_argument("--schema", action="store_true", help="the same as JSON Schema")
    form.add_argument("--json", action="store_true", help="values and sources for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Prints them."""
    if args.keys:
        say("\n".join(_manual()))
        return 0
    if args.schema:
        say_json(schema())
        return 0
    return with_settings(args.settings, lambda settings, files: _show(args, settings, files))


def _show(args: argparse.Namespace, settings: Settings, files: Files) -> int:
    holds = what_holds(settings, files)
    found = list(held(args.settings, holds.settings, os.environ, holds.source))
    for one in holds.remarks(time.time()):
        remark(one)
    if args.json:
        say_json([{"key": dotted(one.keys), **one._asdict()} for one in found])
    else:
        say("\n".join(printed(found)))
        if os.environ.get(BROKER_PASSWORD):
            say(f"\n# {BROKER_PASSWORD} is set; it is never shown")
    return 0


def printed(found: Iterable[Held]) -> Iterator[str]:
    """The values as a settings file, each with its source."""
    for table, entries in groupby(found, key=lambda one: one.keys[:-1]):
        if not table:  # tables that are not there
            yield from (f"\n# [{one.keys[0]}]: none" for one in entries)
            continue
        yield f"\n{_header(table)}"
        for one in entries:
            name = _name(one.keys[-1])
            if one.value is None:
                yield f"# {name}: not set"
            else:
                yield f"{f'{name} = {as_toml(one.value)}':<{_COLUMN}}  # {one.source}"


def _header(table: tuple[Step, ...]) -> str:
    if isinstance(table[-1], int):
        return f"[[{'.'.join(str(step) for step in table[:-1])}]]"
    return f"[{'.'.join(str(step) for step in table)}]"


def _name(step: Step) -> str:
    text = str(step)
    bare = text.replace("_", "").replace("-", "")
    return text if bare.isascii() and bare.isalnum() else as_toml(text)


def as_toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_name(key)} = {as_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    # Texts, numbers and truth are as JSON writes them, but that TOML has no pairs of surrogates.
    text = msgspec.json.encode(value).decode()
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in text)


def _manual() -> Iterator[str]:
    """Every key that may be set."""
    variables = {place: name for name, place in settable().items()}
    for (table, kind), entries in groupby(keys(), key=lambda key: (key.table, key.kind)):
        group = list(entries)
        header = f"[[{table}]]" if group[0].many else f"[{table}]"
        yield f"\n{header}" + (f'  kind = "{kind}"' if kind else "")
        for key in group:
            yield from _explained(key, variables.get((table, key.name)))


def _explained(key: Key, variable: str | None) -> Iterator[str]:
    if key.needed:
        default = "needed"
    elif key.default is None or key.default in ((), {}):
        default = "not set by default"
    else:
        default = f"default {as_toml(key.default)}"
    yield f"  {key.name}"
    for text in (key.about, "; ".join(one for one in (key.allowed, default) if one), variable):
        yield from (f"      {line}" for line in wrap(text or "", _WIDTH))
