"""Opens a journal so that the hub can rely on it: examined, and rebuilt where it is damaged.

A process that is killed leaves the file whole; only a power cut, a worn card or a hand does not. So
the file is examined longest after a power cut and once a week.
"""

import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gateway.journal import swap
from gateway.journal.database import (
    JournalError,
    connect,
    is_damage,
    open_file,
    transaction,
    upgrade,
)
from gateway.journal.epochs import begin_epoch, epochs_of, keep_twice, last_seq, let_go
from gateway.journal.in_place import is_full, mend_in_place
from gateway.journal.salvage import rebuild
from gateway.journal.settling import SETTLED, Owner, Salvaged
from gateway.journal.soundness import check_small
from gateway.journal.sums import DamagedError, name_sum

CHECK_EVERY_S = 7 * 86_400.0
CHECK_S = 20.0
"""The longest that an examination holds up the start. Reading finds what it does not come to."""

GLANCE_S = 2.0
"""The same at any other start; it suffices for a journal of months."""

CUT = "the power was cut"
"""Why an epoch begins after which it is not known whether the card kept all."""

_STEPS = 50_000  # of SQLite's machine between two looks at the clock: some milliseconds
_log = logging.getLogger(__name__)


def nobody_waits() -> None:
    """Tells nobody."""


def open_sound(
    path: Path, owner: Owner, boot: str, tell: Callable[[], None] = nobody_waits
) -> sqlite3.Connection:
    """Opens a journal, or begins it; whatever can be mended is mended.

    Args:
        path: The journal.
        owner: Whose it is to be.
        boot: As :func:`gateway.clock.clock_sync.boot_id` has it.
        tell: Called every now and then while it takes long.

    Raises:
        JournalError: It cannot be opened or rebuilt; the sentence says why.
    """
    try:
        swap.finish(path)
        try:
            return _begun(_examined(path, boot, owner.now, tell), owner, boot)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            return _begun(_mended(path, owner, error, tell), owner, boot)
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"{path}: cannot be opened as the hub's journal: {error}") from error


def mark_suspect(path: Path) -> None:
    """Has the next opening rebuild the journal, whatever an examination finds."""
    swap.suspect(path).touch()


def remedy_of_damage(path: Path) -> str:
    """Marks a journal that was found damaged, and says what is left to do about it."""
    try:
        mark_suspect(path)
    except OSError:
        return "run this again as root or as the hub's user, and the hub's next start rebuilds it"
    return "restart the hub, which rebuilds it from what can be read"


def _examined(path: Path, boot: str, now: float, tell: Callable[[], None]) -> sqlite3.Connection:
    if swap.suspect(path).exists() and path.exists():
        raise DamagedError("reading it ran into damage")
    if not path.exists() and path.with_name(f"{path.name}-wal").exists():
        path.touch()  # SQLite would begin anew, and throw away a log that may hold what was heard
    if path.exists() and not path.stat().st_size:
        raise DamagedError("the file is empty")
    fresh = not path.exists()
    connection = open_file(path)
    try:
        due = not fresh and _is_due(connection, boot, now)
        if not fresh:
            tell()
            examine(connection, CHECK_S if due else GLANCE_S)
        upgrade(connection, path)
        if due:
            connection.execute("update session set checked_at = ?", (now,))
    except BaseException:
        connection.close()
        raise
    return connection


def _is_due(connection: sqlite3.Connection, boot: str, now: float) -> bool:
    try:
        row = connection.execute("select boot, is_open, checked_at from session").fetchone()
    except sqlite3.OperationalError:  # an older schema, or a damaged one
        row = None
    if row is None or None in row:
        return True
    return _was_cut(row[0], row[1], boot) or abs(now - row[2]) >= CHECK_EVERY_S


def _was_cut(before: str, is_open: int, boot: str) -> bool:
    """Whether the power may have gone while the journal was in use."""
    return bool(is_open) and (not boot or before != boot)


def examine(connection: sqlite3.Connection, most_s: float) -> bool:
    """Looks whether the file's pages hang together, and each index with its table.

    Where an index lacks an event the engine would never see it, so the quick check is not enough.

    Args:
        connection: The journal's.
        most_s: The longest that it may take, in seconds.

    Returns:
        Whether the time sufficed for all of it.

    Raises:
        DamagedError: They do not.
    """
    until = time.monotonic() + most_s
    connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        (found,) = connection.execute("pragma integrity_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        _log.info("the journal was examined in part: it takes longer than %.0f s", most_s)
        return False
    finally:
        connection.set_progress_handler(None, 0)
    if found != "ok":
        raise DamagedError(found)
    return True


def _mended(
    path: Path, owner: Owner, why: sqlite3.Error, tell: Callable[[], None]
) -> sqlite3.Connection:
    """A journal from what can be read of a damaged one: a new one, or for want of room the same."""
    _log.error("the journal is damaged (%s); it is rebuilt from what can be read", why)
    try:
        found = _rebuilt(path, owner, tell)
    except (sqlite3.Error, OSError) as error:
        if not is_full(error):
            raise
        _log.error("there is no room to rebuild the journal (%s); it is mended in place", error)
        return _in_place(path, owner, why, error)
    _log.error(
        "the journal is rebuilt: %s; the damaged one is kept aside in %s", found, path.parent
    )
    return connect(path)


def _rebuilt(path: Path, owner: Owner, tell: Callable[[], None]) -> Salvaged:
    """Builds a new one; where there is no room, once more without those that were kept aside."""
    try:
        return rebuild(path, owner, tell)
    except (sqlite3.Error, OSError) as error:
        if not (is_full(error) and swap.kept_aside(path)):
            raise
        _log.error("there is no room (%s): what was kept aside of damaged journals goes", error)
        swap.thin_out(path, 0)
        return rebuild(path, owner, tell)


def _in_place(
    path: Path, owner: Owner, why: sqlite3.Error, full: sqlite3.Error | OSError
) -> sqlite3.Connection:
    try:
        connection = open_file(path)
        try:
            examine(connection, CHECK_S)
            upgrade(connection, path)
            found = mend_in_place(connection, owner)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        # A copy to work upon, the new journal and its log.
        needed, free = 3 * path.stat().st_size / 1e6, shutil.disk_usage(path.parent).free / 1e6
        raise JournalError(
            f"{path}: is damaged ({why}) and cannot be mended in place ({error}), nor rebuilt "
            f"({full}): about {needed:,.1f} MB are needed beside it and {free:,.1f} MB are free; "
            "delete what else is on that disk"
        ) from error
    swap.suspect(path).unlink(missing_ok=True)
    _log.error("the journal is mended in place: %s", found)
    return connection


def _begun(connection: sqlite3.Connection, owner: Owner, boot: str) -> sqlite3.Connection:
    try:
        _begin_session(connection, owner, boot)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin_session(connection: sqlite3.Connection, owner: Owner, boot: str) -> None:
    """Notes the opening, and begins a new epoch where the file's end may be missing.

    After a power cut a card may not have what it said it had. The centre may have it; so those
    numbers are not used again. The same holds for a copy that is put back, and a copy of the file
    as it stood after a good end, or while the hub was at work, looks like the file itself.
    """
    check_small(connection)
    row = connection.execute("select boot, is_open, is_copy from session").fetchone()
    epochs = epochs_of(connection)
    if row == (boot, 1, 0) and boot and epochs and epochs[-1].base >= last_seq(connection):
        _identify(connection, owner, unproved=False)
        return  # it was killed before it had used a number of its newest epoch
    connection.execute("pragma synchronous = normal")  # the checkpoint below makes it durable
    with transaction(connection):
        _identify(connection, owner, unproved=row is None)
        let_go(connection)
        if not epochs:
            begin_epoch(connection, last_seq(connection), "the hub began", owner.now)
        elif row is not None and row[0] != SETTLED:  # else it has an epoch that nobody was told of
            why = _why_anew(row, boot)
            begin_epoch(connection, last_seq(connection), why, owner.now)
            if why == CUT:
                _count_cut(connection)
        keep_twice(connection)
        connection.execute(
            "insert into session values (1, ?, ?, 1, 1, 0) "
            "on conflict do update set boot = excluded.boot, is_open = 1, is_copy = 0",
            (boot, owner.now),
        )
    # Into the file itself: where all of the log is lost, it still says that it was in use.
    connection.execute("pragma wal_checkpoint(passive)").fetchall()
    connection.execute("pragma synchronous = full")


def _why_anew(session: tuple[str, int, int], boot: str) -> str:
    before, is_open, is_copy = session
    if is_copy:
        return "a copy was put back"
    if _was_cut(before, is_open, boot):
        return CUT
    return "the hub was killed" if is_open else "the hub began again"


def _count_cut(connection: sqlite3.Connection) -> None:
    connection.execute(
        "insert into counters values ('power_cut', 1) on conflict do update set count = count + 1"
    )
    _log.warning(
        "the power was cut: where the card forgot what it had said it kept, that is lost but for "
        "what the centre has; how much, is not known"
    )


def _identify(connection: sqlite3.Connection, owner: Owner, *, unproved: bool) -> None:
    """Notes whose it is where that is not known yet.

    Args:
        connection: The journal's.
        owner: Whose it is to be.
        unproved: Whether it may lack its sum: it was written before there were any.
    """
    row = connection.execute("select hub, home, sum from identity").fetchone()
    if unproved and row is not None and row[2] is None and None not in row[:2]:
        connection.execute("update identity set sum = ?", (name_sum(*row[:2]),))
    elif row is not None and row[2] != name_sum(*row[:2]):
        raise DamagedError("whose it is is not as it was written")
    elif row is None:
        names = (owner.hub, owner.home)
        connection.execute(
            "insert into identity values (1, ?, ?, '', ?, '')", (*names, name_sum(*names))
        )


def end_session(connection: sqlite3.Connection) -> None:
    """Notes a good end, where that can be written; without it the next start only looks closer."""
    with suppress(sqlite3.Error):
        connection.execute("pragma synchronous = normal")  # closing makes it durable
        connection.execute("update session set is_open = 0")
