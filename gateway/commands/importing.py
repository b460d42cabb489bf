"""`telecare-gateway import`: a recording of this home, taken in as if it had been heard here."""

import argparse
from pathlib import Path

from gateway.assembly import make_room, make_watermark
from gateway.commands.common import (
    add_settings,
    fail,
    log_to_stderr,
    remark,
    say,
    telling_damage,
    with_settings,
)
from gateway.downlink.standing import Standing
from gateway.errors import HubError
from gateway.importer import Importer, looked_through
from gateway.journal import Journal
from gateway.journal.lock import only_one
from gateway.report.progress import progress_bar
from gateway.settings import Files, Settings

_EPILOG = """\
For a demonstration, or a home whose centre has none of it. The hub must not be running. Taking in
the same recording again adds nothing. Of one that was cut short the exit code is 1; what it still
holds is taken in. Where it holds no event of this home, no journal is made.

What is taken in counts as heard here: it is sent to the centre, with the alerts that it leads to,
calls of long ago among them. A centre that has it from another hub would count all of it twice. So
where there is a centre, --send must say that it has none of it.

example
  telecare-gateway import home1.jsonl.gz --settings hub.toml
"""
_SHOWN = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("recording", type=Path, metavar="RECORDING")
    parser.add_argument(
        "--send",
        action="store_true",
        help="the centre has none of it yet: send it all, and the alerts that it leads to",
    )
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Imports."""
    log_to_stderr()
    if not args.recording.is_file():
        return fail(f"there is no recording {args.recording}", code=2)
    return with_settings(
        args.settings,
        lambda settings, files: telling_damage(
            files.journal, lambda: _import(args.recording, settings, files, send=args.send)
        ),
    )


def _import(recording: Path, settings: Settings, files: Files, *, send: bool) -> int:
    if settings.centre is not None and not send:
        return fail(
            f"what {recording} holds would be sent to {settings.centre.url}, which counts it twice "
            "where it has it from another hub already, and old calls for help as new ones; nothing "
            "was taken in. A hub that takes another's place learns by itself. Where the centre has "
            "none of it, say --send",
            code=2,
        )
    try:
        total = looked_through(recording, settings.hub.home)  # before there is a journal for it
        with (
            only_one(files.journal),
            Journal.open(files.journal, settings.hub.id, settings.hub.home) as journal,
            progress_bar("import") as progress,
        ):
            standing = Standing(settings, journal)
            runs = standing.peek().settings  # the checkpoint is the running hub's, too
            watermark = make_watermark(runs, journal)
            room = make_room(runs, journal, watermark, spells=standing.spells)
            done = Importer(journal, room, watermark).take(recording, total, progress)
    except (HubError, OSError) as error:
        return fail(error)
    say(
        f"{done.added:,} events taken in, {done.known:,} were there already, "
        f"{len(done.refused):,} lines refused"
    )
    if done.late:
        remark(
            f"{done.late:,} of them are older than what the hub had already heard; "
            "they are kept, but not learned from"
        )
    for bad in done.refused[:_SHOWN]:
        remark(f"  {recording}:{bad.number}: {bad.reason}")
    if done.cut:
        return fail(
            f"{recording} is cut short in line {done.refused[-1].number}: what stands before it is "
            "taken in; import the whole one to have the rest"
        )
    return 0
