"""`telecare-gateway replay`: what the hub would have said of recorded homes, or of its own.

With `--what-if` it says what a change would have made of the last days.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

from gateway.commands.common import add_settings, fail, remark, say, telling_damage
from gateway.detecting import detectors
from gateway.errors import HubError
from gateway.replay.changes import Changes
from gateway.replay.homes import HomesError, Profiles
from gateway.replay.journalled import replay_journal
from gateway.replay.outputs import objection
from gateway.replay.parallel import replay
from gateway.replay.report import remarks, summary, write_lines, write_matches, write_refused
from gateway.replay.share import DryRun, Outcome, Task
from gateway.replay.verdict import in_all, told
from gateway.replay.what_if import DAYS
from gateway.report.progress import progress_bar
from gateway.settings import Files, files, load
from gateway.toml_file import TomlError

_EPILOG = """\
Recordings hold one event per line (.jsonl or .jsonl.gz), sorted by time. Several are read in the
order given; a home that stands in more than one goes on from one to the next. With --journal it is
this hub's own journal that is read, beside the running hub; what is known of the home stands in
--settings and in what the centre has set. What staff were told is told again, byte for byte.

The file of --homes says what is known of the homes, all of it optional:
  [default]
  time_zone = "Europe/London"
  [homes.h1]
  people = 2
  budget = { uti_risk = 0.5 }       # false alerts per person-month
  risk = { earlier_uti = true }     # what is on record; `settings --keys` has all of it

The file of --what-if has the same form and says what to change: a budget, a risk profile, recorded
outcomes. The homes live through everything twice, as they are and with the change; what would have
been raised over the last days is set beside what is raised now. Nothing of the hub is changed.
Values take the place of the home's own; lists are replaced as a whole.

examples
  telecare-gateway replay homes.jsonl.gz --alerts alerts.jsonl --assessments assessments.jsonl
  telecare-gateway replay 2026-0*.jsonl.gz --alerts alerts.jsonl --homes homes.toml --workers 4
  telecare-gateway replay homes.jsonl.gz --what-if change.toml --days 30 --alerts matches.jsonl
  telecare-gateway replay --journal --settings hub.toml --what-if change.toml
"""

_MOST_WORKERS = 64
"""Each is a process of its own that reads all of the recordings."""
_MOST_DAYS = 3660


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("recordings", nargs="*", default=[], type=_recording, metavar="RECORDING")
    source.add_argument("--journal", action="store_true", help="read this hub's own journal")
    add_settings(parser)
    parser.add_argument(
        "--alerts",
        type=_output,
        metavar="OUT.jsonl",
        help="write each alert's last version here; with --what-if each alert under both profiles",
    )
    parser.add_argument(
        "--assessments", type=_output, metavar="OUT.jsonl", help="write every assessment here"
    )
    parser.add_argument(
        "--homes", type=Path, metavar="FILE.toml", help="what is known of the homes"
    )
    parser.add_argument(
        "--what-if", type=Path, metavar="FILE.toml", help="what to change, for a dry run"
    )
    parser.add_argument(
        "--days",
        type=_whole(_MOST_DAYS),
        metavar="N",
        help=f"count the last N days of a dry run (default {DAYS})",
    )
    parser.add_argument(
        "--refused", type=_output, metavar="FILE", help="write the lines that were no events here"
    )
    parser.add_argument(
        "--workers",
        type=_whole(_MOST_WORKERS),
        default=1,
        metavar="N",
        help="processes to share the homes",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace the files to write where there are some"
    )


def run(args: argparse.Namespace) -> int:
    """Replays, writes the files and prints what was done."""
    try:
        journal = _journal(args)
    except TomlError as error:
        return fail(error, code=2)
    return _run(args) if journal is None else telling_damage(journal, lambda: _run(args))


def _journal(args: argparse.Namespace) -> Path | None:
    """The journal that is to be replayed, if any."""
    return files(args.settings, load(args.settings, os.environ)).journal if args.journal else None


def _run(args: argparse.Namespace) -> int:
    try:
        if wrong := _misfit(args):
            return fail(wrong, code=2)
        started = time.perf_counter()
        changes = Changes(args.what_if) if args.what_if else None
        dry_run = DryRun(changes, args.days or DAYS) if changes else None
        with progress_bar("replay") as progress:
            outcome = _replayed(args, dry_run, progress)
        seconds = time.perf_counter() - started
        _write(args, outcome)
    except (HomesError, TomlError) as error:
        return fail(error, code=2)
    except (HubError, OSError) as error:
        return fail(error)
    say(summary(outcome, seconds))
    if changes and dry_run:
        _tell(outcome, changes, dry_run)
    for line in remarks(outcome, args.refused, of_journal=args.journal):
        remark(line)
    nothing_read = outcome.refused and not outcome.events
    nothing_tried = dry_run is not None and not outcome.comparisons
    return 1 if nothing_read or nothing_tried else 0


def _replayed(
    args: argparse.Namespace, dry_run: DryRun | None, progress: Callable[[float], None]
) -> Outcome:
    if args.journal:
        settings = load(args.settings, os.environ)
        return replay_journal(settings, files(args.settings, settings), dry_run, progress)
    task = Task(args.recordings, Profiles(args.homes), detectors(), dry_run)
    return replay(task, args.workers, progress)


def _write(args: argparse.Namespace, outcome: Outcome) -> None:
    if args.alerts and args.what_if:
        write_matches(args.alerts, outcome.comparisons)
    elif args.alerts:
        write_lines(args.alerts, outcome.alerts)
    if args.assessments:
        write_lines(args.assessments, outcome.assessments)
    if args.refused:
        write_refused(args.refused, outcome.refused)


def _tell(outcome: Outcome, changes: Changes, dry_run: DryRun) -> None:
    """What the dry run found, home by home."""
    for comparison in outcome.comparisons:
        say("\n" + "\n".join(told(comparison, dry_run.days)))
    if len(outcome.comparisons) > 1:
        say(f"\n{in_all(outcome.comparisons, dry_run.days)}")
    if outcome.untouched:
        remark(f"{len(outcome.untouched):,} of the homes would not be changed, and are passed over")
    seen = {one.home for one in outcome.comparisons} | set(outcome.untouched)
    for home in sorted(changes.homes - seen):
        remark(f"there is no event of home {home!r}, which is to be changed")


def _misfit(args: argparse.Namespace) -> str:
    """What does not go together; empty where all does."""
    if args.days and not args.what_if:
        return "--days counts the days of a dry run; give --what-if FILE.toml too"
    if args.assessments and args.what_if:
        return "--assessments goes with a plain replay; of a dry run, --alerts has the result"
    if args.homes and args.journal:
        return "--homes goes with recordings; of a journal, the hub's --settings say what is known"
    inputs = filter(None, (*args.recordings, args.homes, args.what_if, args.settings))
    outputs = filter(None, (args.alerts, args.assessments, args.refused))
    return objection(outputs, inputs, _hub(args), force=args.force)


def _hub(args: argparse.Namespace) -> Files | None:
    """The files of this machine's hub; None where it has none, as where recordings are studied."""
    try:
        return files(args.settings, load(args.settings, os.environ))
    except TomlError:  # where they are needed, as for a journal, that has been told
        return None


def _recording(text: str) -> Path:
    path = Path(text)
    if not _looked(path.is_file):
        raise argparse.ArgumentTypeError(f"there is no recording {text}")
    return path


def _output(text: str) -> Path:
    path = Path(text)
    if not _looked(path.parent.is_dir):
        raise argparse.ArgumentTypeError(f"{path.parent} is not a folder")
    return path


def _looked(ask: Callable[[], bool]) -> bool:
    """What a look at a path says; who may not look is told so."""
    try:
        return ask()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{error.filename}: {error.strerror}") from error


def _whole(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {most}")
        return int(text)

    return number
