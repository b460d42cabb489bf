"""`telecare-gateway quarantine`: the messages that could not be used, and why."""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.commands.common import add_settings, fail, say, say_json, whole_number, with_what_holds
from gateway.errors import HubError
from gateway.journal.inspection import Aside, Inspection, clear_quarantine
from gateway.journal.set_aside import QUARANTINE_KEPT
from gateway.report.terminal import shown
from gateway.settings import Files, Settings

_EPILOG = """\
It never leaves this hub. Clearing loses no event, and counters stay as they are. A device that is
not in the settings is kept once for each topic, as it spoke last; cleared, it is kept again when it
next speaks.

examples
  telecare-gateway quarantine --settings hub.toml
  telecare-gateway quarantine --settings hub.toml --like stranger --most 50
  telecare-gateway quarantine show 17 --settings hub.toml
  telecare-gateway quarantine clear --like "no sensor of this name" --settings hub.toml
"""
_MOST = 20
_FIGURE = re.compile(r"\d+(\.\d+)?")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "what",
        nargs="?",
        choices=("list", "show", "clear"),
        default="list",
        metavar="list|show|clear",
        help="list them with counts by reason (default), show one whole, or clear them",
    )
    parser.add_argument("number", nargs="?", type=int, metavar="N", help="which to show")
    parser.add_argument(
        "--like", metavar="WORDS", help="those whose topic or reason holds these words"
    )
    parser.add_argument(
        "--most", type=_most, default=_MOST, metavar="N", help=f"list so many (default {_MOST})"
    )
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Lists, shows or clears."""
    if (args.what == "show") != (args.number is not None):
        return fail("show takes the number of a message, and nothing else does", code=2)
    if args.like == "" and args.what == "clear":  # such as a shell's variable that is not set
        return fail("--like names no words; without it all are cleared", code=2)
    return with_what_holds(args.settings, lambda settings, files: _do(args, settings, files))


def _do(args: argparse.Namespace, settings: Settings, files: Files) -> int:
    like = args.like or ""
    try:
        if args.what == "clear":
            return _cleared(clear_quarantine(files.journal, like), as_json=args.json)
        with closing(Inspection(files.journal)) as inspection:
            found = inspection.quarantine(like)
    except HubError as error:
        return fail(error)
    zone = ZoneInfo(settings.hub.time_zone)
    if args.what == "show":
        one = next((one for one in found if one.id == args.number), None)
        return _show(one, zone, as_json=args.json)
    if args.json:
        say_json(_answer(found))
    else:
        say("\n".join(map(shown, _lines(found, args.most, zone))))
    return 0


def _cleared(count: int, *, as_json: bool) -> int:
    if as_json:
        say_json({"forgotten": count})
    else:
        say(f"{count:,} messages forgotten")
    return 0


def _show(one: Aside | None, zone: ZoneInfo, *, as_json: bool) -> int:
    if one is None:
        return fail("there is none of that number; list shows them")
    if as_json:
        say_json(_plain(one))
        return 0
    say(
        f"number   {one.id}\ncame     {_when(one, zone)}\ntopic    {shown(one.topic)}\n"
        f"reason   {shown(one.reason)}\nsaid     {one.payload.decode('utf-8', 'backslashreplace')}"
    )
    return 0


def _lines(found: list[Aside], most: int, zone: ZoneInfo) -> Iterator[str]:
    """Counts by reason, and the newest."""
    if not found:
        yield "nothing in quarantine"
        return
    for reason, count in counted(found).most_common():
        yield f"{count:>6,}  {reason}"
    yield ""
    for one in found[:most]:
        yield f"{one.id:>6}  {_when(one, zone)}  {one.topic}: {one.reason}"
    if len(found) > most:
        yield f"        and {len(found) - most:,} older"


def counted(found: list[Aside]) -> Counter[str]:
    """How many there are for each reason; reasons that differ in a figure alone are one."""
    return Counter(_FIGURE.sub("N", one.reason) for one in found)


def _when(one: Aside, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(one.at, zone):%Y-%m-%d %H:%M:%S}"


def _answer(found: list[Aside]) -> dict[str, Any]:
    return {
        "reasons": dict(counted(found)),
        "messages": list(map(_plain, found)),
    }


def _plain(one: Aside) -> dict[str, Any]:
    return {**one._asdict(), "payload": one.payload.decode("utf-8", "backslashreplace")}


def _most(text: str) -> int:
    return whole_number(text, least=0, most=QUARANTINE_KEPT)
