"""Mends a journal where it stands, where there is no room to build a new one.

Only what is damaged goes. It takes no more than the room of what is written, and the file's pages
must hang together: where they do not, a new file alone will do.
"""

import errno
import sqlite3

from gateway.journal.database import transaction
from gateway.journal.epochs import last_seq
from gateway.journal.settling import UNDATED, Owner, Salvaged, settle
from gateway.journal.sums import is_dated, is_whole

_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The second is told where the file beside the log cannot grow."""
_ROWS = "select seq, kind, urgent, written_at, cast(body as blob), sum from journal"


def is_full(error: sqlite3.Error | OSError) -> bool:
    """Whether it is for want of room."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "sqlite_errorcode", 0) in _FULL


def mend_in_place(connection: sqlite3.Connection, owner: Owner) -> Salvaged:
    """Lets go of each record that is not as it was written, and settles the rest.

    Args:
        connection: To the journal, with the newest schema.
        owner: Whose it is, where that cannot be read.

    Raises:
        sqlite3.Error: Not even this can be written, or the file's pages are damaged.
    """
    with transaction(connection):
        damaged, undated = [], []
        last = last_seq(connection)
        for row in connection.execute(_ROWS):
            if not is_whole(row):
                damaged.append((row[0],))
            elif not is_dated(row):
                undated.append((UNDATED, row[0]))
        connection.executemany("delete from journal where seq = ?", damaged)
        connection.executemany("update journal set written_at = ? where seq = ?", undated)
        return settle(connection, connection, owner, least=last)
