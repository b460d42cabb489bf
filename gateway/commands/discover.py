"""`telecare-gateway discover`: what speaks on the broker, and what the hub could use it for."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterator

import aiomqtt

from gateway.beside import Beside, what_holds
from gateway.commands.common import add_settings, fail, remark, say, seconds, with_settings
from gateway.discovery.finding import Findings, find
from gateway.discovery.listening import listen
from gateway.discovery.proposal import toml
from gateway.discovery.samples import Overheard
from gateway.discovery.words import HEADINGS, remarks, rows
from gateway.errors import HubError
from gateway.settings import Files, Settings
from gateway.settings.secrets import broker_password

_EPILOG = """\
It listens beside the hub, which need not run and is not disturbed: it is another client of the
broker, says nothing, and leaves nothing behind. Battery sensors speak only when something happens:
open the doors, press the buttons and walk through the rooms while it listens. Ctrl-C ends it early.

examples
  telecare-gateway discover --settings hub.toml
  telecare-gateway discover --settings hub.toml --seconds 120 --toml >> hub.toml
"""
_SHORTEST_S, _LONGEST_S = 0.1, 86_400.0
_LONGEST_TOPIC = 65_535  # bytes


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--seconds", type=_seconds, default=30.0, help="how long to listen (default 30)"
    )
    parser.add_argument(
        "--toml", action="store_true", help="print settings to paste instead of the table"
    )
    parser.add_argument(
        "--topic",
        action="append",
        type=_topic,
        metavar="FILTER",
        help="listen to this alone, such as home/#; may be given more than once (default: all)",
    )
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Discovers."""
    topics = args.topic or ["#"]
    return with_settings(
        args.settings,
        lambda settings, files: _discover(
            what_holds(settings, files), files, args.seconds, topics, args.toml
        ),
    )


def _seconds(text: str) -> float:
    return seconds(text, least=_SHORTEST_S, most=_LONGEST_S)


def _topic(text: str) -> str:
    """What a broker takes for a filter (MQTT 3.1.1, 4.7): a wildcard is a level, `#` the last."""
    *before, last = text.split("/")
    alone = all(one in {"+", "#"} or not {"+", "#"} & set(one) for one in (*before, last))
    size = len(text.encode("utf-8", "surrogateescape"))
    if not 0 < size <= _LONGEST_TOPIC or not alone or "#" in before or not text.isprintable():
        raise argparse.ArgumentTypeError(
            f"{text!r} is no filter of topics; + stands for a level and # for all from there on, "
            "such as home/+/state or home/#"
        )
    return text


def _discover(
    holds: Beside, files: Files, length_s: float, topics: list[str], as_toml: bool
) -> int:
    settings, overheard = holds.settings, Overheard()
    try:
        password = broker_password(files, os.environ)
        with _drawn(settings, overheard) as draw:
            asyncio.run(
                listen(lambda: _client(settings, password), topics, length_s, overheard, draw)
            )
    except (aiomqtt.MqttError, OSError, HubError) as error:
        where = f"{settings.broker.host}:{settings.broker.port}"
        return fail(f"{where}: the broker cannot be listened to: {error}")
    findings = find(overheard.samples(), settings.heard)
    if as_toml:
        say("\n".join(toml(findings, settings)))
    else:
        say("\n".join(plain_table(findings, settings)))
    for one in remarks(findings, settings, left_out=overheard.left_out):
        remark(one)
    if holds.why:
        remark(f"What the centre has set cannot be told: {holds.why}")
    if "sensors" in holds.effective.parts:
        remark(
            f"The centre sets this home's sensors (configuration {holds.effective.version}): have "
            "it add what is missing; a table in the file would change nothing."
        )
    return 0 if findings.devices else 1


def _client(settings: Settings, password: str | None) -> aiomqtt.Client:
    """A client of its own, with a session that ends with it."""
    return aiomqtt.Client(
        settings.broker.host,
        settings.broker.port,
        username=settings.broker.username,
        password=password,
        identifier=f"telecare-discover-{os.urandom(4).hex()}",
        clean_session=True,
        protocol=aiomqtt.ProtocolVersion.V311,
    )


@contextlib.contextmanager
def _drawn(settings: Settings, overheard: Overheard) -> Iterator[Callable[[], None]]:
    """Draws the table on standard error while it grows, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    # Rich takes 0.1 s to import, and only a terminal needs it.
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.live import Live  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    def table() -> Table:
        made = Table(*HEADINGS, title=f"{overheard.messages:,} messages so far; Ctrl-C ends it")
        for row in rows(find(overheard.samples(), settings.heard), settings):
            made.add_row(*map(Text, row))  # as text: a name may hold what Rich would obey
        return made

    with Live(
        table(), console=Console(file=sys.stderr), transient=True, auto_refresh=False
    ) as live:
        yield lambda: live.update(table(), refresh=True)


def plain_table(findings: Findings, settings: Settings) -> list[str]:
    """The devices as columns of text."""
    cells = [HEADINGS, *rows(findings, settings)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
