"""`telecare-gateway doctor`: everything that can be checked from here, and what to do about it."""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path

from gateway.commands.common import add_settings, say, say_json, seconds
from gateway.doctor.examination import examine
from gateway.doctor.finding import Finding, State, wrong
from gateway.report.terminal import shown
from gateway.settings import files, load
from gateway.toml_file import TomlError

_EPILOG = """\
It looks at settings, machine, disk, clock, key and password, service, journal, broker, each sensor
and the centre. The running hub is not disturbed, and need not run. To the broker it listens for
--listen seconds, so walk past a sensor meanwhile. The exit code is 1 where something is wrong.

examples
  telecare-gateway doctor --settings hub.toml
  telecare-gateway doctor --settings hub.toml --listen 60
  telecare-gateway doctor --settings hub.toml --json
"""
_LISTEN_S = 5.0
_MOST_S = 3600.0
_INDENT = " " * 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--listen",
        type=_seconds,
        default=_LISTEN_S,
        metavar="SECONDS",
        help=f"how long to listen to the broker (default {_LISTEN_S:g}; 0 not to)",
    )
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Checks, and says what to do."""
    found = asyncio.run(_examined(args.settings, args.listen, as_json=args.json))
    bad = sum(one.state is State.WRONG for one in found)
    if args.json:
        say_json({"well": not bad, "findings": found})
    elif bad:
        say(f"\n{bad} of {len(found)} things must be mended")
    else:
        untold = sum(one.state is State.SKIPPED for one in found)
        say(f"\nall in order: {len(found) - untold} things; {untold} cannot be told here")
    return 1 if bad else 0


async def _examined(path: Path, listen_s: float, *, as_json: bool) -> list[Finding]:
    """All findings; for a person each is printed when it is known."""
    try:
        settings = load(path, os.environ)
    except TomlError as error:
        read = not isinstance(error.__cause__, OSError)
        remedy = "mend that" if read else "name them with --settings, as one who may read them"
        findings = [wrong("settings", str(error), f"{remedy}; nothing else can be looked at")]
        _tell(findings[0], as_json=as_json)
        return findings
    findings = []
    async for one in examine(
        path,
        settings,
        files(path, settings),
        variables=os.environ,
        now=time.time(),
        listen_s=listen_s,
    ):
        findings.append(one)
        _tell(one, as_json=as_json)
    return findings


def _tell(one: Finding, *, as_json: bool) -> None:
    if as_json:
        return
    word = one.state.upper() if one.state is State.WRONG else one.state
    say(shown(f"{word:<7} {one.check}: {one.said}"))
    if one.remedy:
        say(f"{_INDENT}-> {one.remedy}")
    sys.stdout.flush()


def _seconds(text: str) -> float:
    return seconds(text, least=0.0, most=_MOST_S)
