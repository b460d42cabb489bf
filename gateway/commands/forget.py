"""`telecare-gateway forget`: deletes what a hub keeps of a home that its centre has erased."""

import argparse
import asyncio
import os
import shutil
from pathlib import Path

from contract import Batch
from gateway.commands.common import add_settings, fail, say, with_settings
from gateway.errors import HubError
from gateway.journal.lock import lock_of, only_one
from gateway.settings import Files, Settings
from gateway.uplink.answers import Answer, Refused, is_unknown
from gateway.uplink.asking import ask_as
from gateway.uplink.centre import Centre
from gateway.uplink.key import load_key
from gateway.uplink.keyring import Looking, following
from gateway.uplink.proxy import proxy_of
from gateway.uplink.token import Signer

_EPILOG = """\
Nothing is deleted unless the centre says, when it is asked just then, that this hub's home was
erased. Stop the hub first, and keep it from starting again:

  sudo systemctl disable --now telecare-hub
  sudo telecare-gateway forget hub-17

The journal goes, with what was kept of damaged ones, and the hub's key. Copies that were made by
`backup` or `export` are wherever they were put. A deleted file can be read from a memory card until
it is written over: where that matters, destroy the card.
"""
_NO_EPOCH = "forget"
"""Of a batch without records; the centre stores nothing by it."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("hub", metavar="HUB", help="the hub's id, typed out to confirm it")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Forgets."""
    return with_settings(args.settings, lambda settings, files: _forget(args.hub, settings, files))


def _forget(typed: str, settings: Settings, files: Files) -> int:
    hub = settings.hub.id
    if settings.centre is None:
        return fail("the settings name no centre, which alone can tell to forget", code=2)
    if typed != hub:
        return fail(f"nothing was deleted: this is hub {hub}, not {typed}", code=2)
    try:
        with only_one(files.journal):
            answer = asyncio.run(_asked(settings, files))
            if not (isinstance(answer, Refused) and answer.forget):
                why = getattr(answer, "why", "the centre takes this hub's token")
                return fail(f"nothing was deleted: the centre does not say to forget: {why}")
            gone = _deleted(files)
    except HubError as error:
        return fail(f"nothing was deleted: {error}")
    say(f"forgotten: {gone} files of hub {hub}; keep it from starting again, or set it up anew")
    return 0


async def _asked(settings: Settings, files: Files) -> Answer:
    """What the centre says to each of the hub's keys, until it knows one."""
    assert settings.centre is not None  # noqa: S101 - looked at above
    signer = Signer(settings.hub.id, load_key(files.key), Looking(files.key))
    batch = Batch(hub=settings.hub.id, epoch=_NO_EPOCH, records=[])
    async with Centre(settings.centre.url, files.ca, proxy_of(settings.centre, os.environ)) as to:
        return await ask_as(signer, to, lambda token: to.send(batch, token), is_unknown)


def _deleted(files: Files) -> int:
    """Deletes what the hub wrote, the key last: cut off before that, this can be run again."""
    journal = files.journal
    lock = lock_of(journal)
    ours = [one for one in sorted(journal.parent.glob(f"*{journal.stem}.*")) if one != lock]
    keys = [path for path in (following(files.key), files.key) if path.exists()]
    found = [one for one in ours if one not in keys] + keys
    for one in found:
        _delete(one)
    return len(found)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
