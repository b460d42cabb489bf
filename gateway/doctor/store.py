"""Checks of the journal: whether it is there, whole, this hub's, and being emptied."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from gateway.doctor.finding import Finding, note, ok, wrong
from gateway.downlink.book import DownlinkBook
from gateway.journal import Journal, JournalError
from gateway.journal.database import NoJournalError
from gateway.journal.inspection import Inspection
from gateway.journal.opening import remedy_of_damage
from gateway.settings import Files, Settings
from gateway.watch.detector_faults import REMEDY, lately

LATELY_DAYS = 7
_MEND = (
    "keep a copy of the data folder before; where the hub does not start with it, move the journal "
    "away and it begins a new one"
)
BACKLOG_S = 86_400.0
"""A record that waits longer than this for the centre is worth a word."""


def check_store(settings: Settings, files: Files, now: float) -> Iterator[Finding]:
    """The journal, as far as it can be read."""
    folder = files.journal.parent
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        yield wrong(
            "data folder",
            f"{folder}: this user cannot write there",
            "run this as the hub's user (on a Raspberry Pi with sudo), or give it the folder",
        )
    try:
        with closing(Journal.open_read_only(files.journal)) as journal:
            yield _whole(files)
            yield _identity(settings, journal)
            yield from _kept_word(journal)
            yield _stuck(journal, now)
            yield _failed(journal, now)
            yield from _losses(journal)
            if settings.centre is not None:
                yield from _copies(journal, now)
                yield _backlog(journal, now)
    except JournalError as error:
        said, _, remedy = str(error).partition("; ")
        if isinstance(error, NoJournalError):
            remedy = "start the hub: telecare-gateway run"
        yield wrong("journal", said, remedy or _MEND)
    except sqlite3.DatabaseError as error:
        yield _damaged(files, str(error))


def _whole(files: Files) -> Finding:
    with closing(Inspection(files.journal)) as inspection:
        problems = inspection.problems()
        if problems:
            return _damaged(files, "; ".join(problems))
        size = files.journal.stat().st_size / 1e6
        return ok("journal", f"{inspection.last_seq():,} records in {size:,.1f} MB, whole")


def _damaged(files: Files, said: str) -> Finding:
    remedy = f"{remedy_of_damage(files.journal)}; {_MEND}"
    return wrong("journal", f"{files.journal}: is damaged: {said}", remedy)


def _kept_word(journal: Journal) -> Iterator[Finding]:
    if damaged := DownlinkBook(journal).damaged().versions:
        numbers = ", ".join(str(one.version) for one in damaged)
        yield wrong(
            "centre's word",
            f"what is kept of the configuration, version {numbers}, is not as the centre sent it",
            "restart the hub: it runs with the last good one until the centre tells it again",
        )


def _identity(settings: Settings, journal: Journal) -> Finding:
    mine = (settings.hub.id, settings.hub.home)
    found = journal.identity
    if (found.hub, found.home) != mine:
        return wrong(
            "identity",
            f"the journal is of hub {found.hub!r} in home {found.home!r}, the settings say "
            f"{mine[0]!r} in {mine[1]!r}",
            "put the right names into [hub], or name another data folder",
        )
    return ok("identity", f"hub {found.hub} of home {found.home}, in settings and journal")


def _stuck(journal: Journal, now: float) -> Finding:
    at, jobs = journal.notes().get("stuck", (0.0, ""))
    days = (now - at) / 86_400
    if days > LATELY_DAYS:
        return ok("watchdog", f"every job got on, these {LATELY_DAYS} days")
    return note(
        "watchdog",
        f"{jobs} did not get on, {max(days, 0.0):.1f} days ago",
        "journalctl -u telecare-hub shows where it hung; tell whoever looks after the software",
    )


def _failed(journal: Journal, now: float) -> Finding:
    if failed := lately(journal, now):
        return wrong("detectors", " ".join(one.text for one in failed), REMEDY)
    return ok("detectors", f"none failed, these {LATELY_DAYS} days")


def _losses(journal: Journal) -> Iterator[Finding]:
    """What was lost or refused on the way, since the journal began."""
    counts = journal.counters()
    if lost := counts.get("overflowed", 0):
        yield note(
            "overload",
            f"{lost:,} messages at QoS 0 came while nothing more could be kept, and are lost",
            "set QoS 1 for the devices; look for one that never stops talking",
        )
    if refused := counts.get("centre_refused", 0):
        yield note(
            "refused",
            f"{refused:,} records could not be taken by the centre, which keeps them aside",
            "tell whoever runs the centre; the hub's log names each with its reason",
        )


def _copies(journal: Journal, now: float) -> Iterator[Finding]:
    """Whether the journal was lately found to be a copy that was put back."""
    at = journal.outbox.taken_at()
    if at is not None and (days := (now - at) / 86_400) <= LATELY_DAYS:
        yield note(
            "old copy",
            f"the centre had other records by this journal's numbers, {max(days, 0.0):.1f} days "
            "ago: the journal was put back from a copy, or runs on two machines",
            "what the centre had not confirmed was sent again by new numbers; see that no other "
            "machine runs with a copy of this data folder",
        )


def _backlog(journal: Journal, now: float) -> Finding:
    waiting, since = journal.outbox.waiting(), journal.outbox.waiting_since()
    said = f"{waiting:,} records not yet received by the centre"
    if since is not None and now - since > BACKLOG_S:
        days = (now - since) / 86_400
        return note("outbox", f"{said}, the oldest for {days:.1f} days", "see `centre` below")
    return ok("outbox", said)
