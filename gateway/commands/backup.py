"""`telecare-gateway backup`: a copy of the journal, whole and consistent."""

import argparse
from pathlib import Path

from gateway.commands.common import add_settings, fail, say, with_own_journal
from gateway.errors import HubError
from gateway.journal.backup import backup
from gateway.journal.lock import lock_of
from gateway.journal.swap import rebuilt_of
from gateway.report.progress import progress_bar
from gateway.settings import Files
from gateway.uplink.keyring import following

_EPILOG = """\
The copy is as of one instant, also while the hub writes; a file copied by hand is not. It holds
what the home's sensors said: keep it as you would keep the hub. Key and password are not in it.
Put in the journal's place while the hub is stopped, it is gone on from: under new numbers, so that
the centre mistakes nothing that comes for something it has. Move the journal's own -wal and -shm
away with it: what is in them belongs to the journal that was there.

examples
  telecare-gateway backup /media/stick/hub-1.sqlite --settings hub.toml
  telecare-gateway backup today.sqlite --force --settings hub.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("copy", type=Path, metavar="FILE.sqlite")
    parser.add_argument("--force", action="store_true", help="replace the file where there is one")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Copies."""
    if args.copy.exists() and not args.force:
        return fail(f"{args.copy} is there already; --force replaces it", code=2)
    where = args.settings
    return with_own_journal(where, lambda _settings, files: _backup(args.copy, files, where))


def _backup(target: Path, files: Files, settings: Path) -> int:
    if target.exists() and target.samefile(files.journal):
        return fail(f"{target} is the journal itself", code=2)
    if target.resolve() in {one.resolve() for one in (settings, *_own(files))}:
        return fail(f"{target} is a file that the hub itself needs; name another", code=2)
    try:
        with progress_bar("backup") as progress:
            backup(files.journal, target, progress, replace=True)
    except HubError as error:
        return fail(error)
    say(f"{target.stat().st_size / 1e6:,.1f} MB in {target}, whole")
    return 0


def _own(files: Files) -> list[Path]:
    """What lies beside the journal and belongs to the hub at work, there or not."""
    journal, key = files.journal, files.key
    parts = [journal.with_name(f"{journal.name}{end}") for end in ("-wal", "-shm", "-journal")]
    return [
        *parts,
        rebuilt_of(journal),
        lock_of(journal),
        key,
        following(key),
        *filter(None, (files.password, files.ca)),
    ]
