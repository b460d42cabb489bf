"""`telecare-gateway tail`: what the hub journals, as it does."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from zoneinfo import ZoneInfo

from contract import RecordKind, SensorEvent, decode
from gateway.commands.common import (
    add_choices,
    add_settings,
    fail,
    seconds,
    tell_strangers,
    whole_number,
    with_what_holds,
)
from gateway.errors import HubError
from gateway.journal.inspection import Inspection
from gateway.report.record_line import told
from gateway.report.terminal import escaped, shown
from gateway.settings import Files, Settings

_EPILOG = """\
It follows the journal until Ctrl-C, beside the running hub. Times are the home's.

examples
  telecare-gateway tail --settings hub.toml
  telecare-gateway tail --settings hub.toml --sensor front-door --last 50
  telecare-gateway tail --settings hub.toml --kind motion --kind opening --seconds 60
  telecare-gateway tail --settings hub.toml --json | jq .value
"""
_PORTION = 1000
_POLL_S = 0.25
_LAST = 10
_MOST_LAST = 1_000_000
_MOST_S = 366 * 86_400.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_choices(parser)
    parser.add_argument("--alerts", action="store_true", help="alerts too")
    parser.add_argument(
        "--last",
        type=_last,
        default=_LAST,
        metavar="N",
        help=f"begin so far back (default {_LAST})",
    )
    parser.add_argument("--seconds", type=_seconds, metavar="S", help="end after so long")
    parser.add_argument("--json", action="store_true", help="each as it stands in the journal")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Follows the journal."""
    return with_what_holds(args.settings, lambda settings, files: _follow(args, settings, files))


def _follow(args: argparse.Namespace, settings: Settings, files: Files) -> int:
    zone = ZoneInfo(settings.hub.time_zone)
    tell_strangers(args.sensor, settings)
    try:
        with closing(Inspection(files.journal)) as inspection:
            for kind, body in _records(args, inspection):
                line = escaped(body.decode()) if args.json else shown(told(kind, body, zone))
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    except HubError as error:
        return fail(error)
    except BrokenPipeError:  # whoever read has read enough
        sys.stderr.close()
    return 0


def _records(args: argparse.Namespace, inspection: Inspection) -> Iterator[tuple[str, bytes]]:
    """The last few records that are asked for, and then each as it comes."""
    kinds = (RecordKind.EVENT, RecordKind.ALERT) if args.alerts else (RecordKind.EVENT,)
    wanted = _filter(args)
    until = None if args.seconds is None else time.monotonic() + args.seconds
    seq = inspection.last_seq()
    yield from reversed(list(_taken(inspection.before(seq, kinds), wanted, args.last)))
    while until is None or time.monotonic() < until:
        found = inspection.after(seq, kinds, _PORTION)
        for number, kind, body in found:
            seq = number
            if wanted(kind, body):
                yield kind, body
        if len(found) < _PORTION:
            inspection.still_there()
            time.sleep(_POLL_S)


def _taken(
    records: Iterator[tuple[str, bytes]], wanted: Callable[[str, bytes], bool], most: int
) -> Iterator[tuple[str, bytes]]:
    left = most
    while left > 0 and (record := next(records, None)) is not None:
        if wanted(*record):
            left -= 1
            yield record


def _filter(args: argparse.Namespace) -> Callable[[str, bytes], bool]:
    """Whether a record is asked for; alerts are of no sensor, so no filter hides them."""
    sensors, kinds = set(args.sensor), set(args.kind)

    def wanted(kind: str, body: bytes) -> bool:
        if kind != RecordKind.EVENT or not (sensors or kinds):
            return True
        event = decode(body, SensorEvent)
        return (not sensors or event.sensor in sensors) and (not kinds or event.kind in kinds)

    return wanted


def _last(text: str) -> int:
    return whole_number(text, least=0, most=_MOST_LAST)


def _seconds(text: str) -> float:
    return seconds(text, least=0.0, most=_MOST_S)
