"""Epochs: under which name and number the centre knows a record.

The journal counts its records 1, 2, 3 for as long as the hub lives. Where the hub cannot be sure
that the disk still has all it once sent, the next record begins a new epoch, so that no number ever
stands for two records. It cannot after a power cut, nor after a good end: the file may be a copy of
what was then. What came before is still sent under its own epoch and number.

Most starts begin one, so those of which nothing is kept any more are let go. Where there are others
before and after them, the first stays and stands for them all: no number may pass to the epoch
before.
"""

import sqlite3
from typing import NamedTuple
from uuid import uuid4

from gateway.journal.sums import DamagedError, name_sum

TAKEN = "the centre has other records by these numbers"
"""Why an epoch begins where the journal proves to be a copy only by what the centre says."""

_LET_GO = """
    delete from epochs where base in (
        select base from (
            select base, lead(base) over (order by base) as until,
                lag(base, 1, base) over (order by base) as since
            from epochs)
        where until < (select kept_from from session) and until < (select cursor from uplink)
            and not exists (select 1 from journal where seq > since and seq <= until))
"""


class Epoch(NamedTuple):
    """A stretch of the journal.

    Attributes:
        base: The journal's number before the epoch's first record.
        name: As the centre knows it.
    """

    base: int
    name: str


class Stretch(NamedTuple):
    """An epoch with its end: the journal's number of its last record; None where it goes on."""

    base: int
    name: str
    end: int | None


def epochs_of(connection: sqlite3.Connection) -> list[Epoch]:
    """All of them, the oldest first.

    Raises:
        DamagedError: A name is not as it was written.
    """
    rows = connection.execute("select base, epoch, sum from epochs order by base").fetchall()
    if not all(found in {None, name_sum(base, name)} for base, name, found in rows):
        raise DamagedError("the name of an epoch is not as it was written")
    return [Epoch(base, name) for base, name, _ in rows]


def stretch_of(epochs: list[Epoch], seq: int) -> Stretch:
    """The epoch of the record after `seq`."""
    index = max((i for i, one in enumerate(epochs) if one.base <= seq), default=0)
    end = epochs[index + 1].base if index + 1 < len(epochs) else None
    return Stretch(*epochs[index], end)


def last_taken(connection: sqlite3.Connection) -> float | None:
    """When the centre last proved the journal to be a copy, in epoch seconds; None if never."""
    query = "select max(begun_at) from epochs where reason = ?"
    found: float | None = connection.execute(query, (TAKEN,)).fetchone()[0]
    return found


def begin_epoch(connection: sqlite3.Connection, base: int, reason: str, now: float) -> None:
    """Begins an epoch after the record numbered `base`; within the caller's transaction.

    An epoch that held nothing yet gives way: its name may have been used before a power cut.
    """
    name = uuid4().hex
    connection.execute(
        "insert or replace into epochs values (?, ?, ?, ?, ?)",
        (base, name, now, reason, name_sum(base, name)),
    )
    keep_twice(connection)


def let_go(connection: sqlite3.Connection) -> None:
    """Deletes the epochs that were confirmed and of which nothing is kept; never the newest.

    Within the caller's transaction, which then keeps the others twice.
    """
    connection.execute(_LET_GO)


def keep_twice(connection: sqlite3.Connection) -> None:
    """Writes the epochs beside the identity too: where one page is torn, the other has them."""
    epochs = epochs_of(connection)
    text = "\n".join(f"{base} {name} {name_sum(base, name)}" for base, name in epochs)
    connection.execute(
        "update identity set epoch = ?, epochs = ? where epochs <> ?", (epochs[-1].name, text, text)
    )


def epochs_in(text: str) -> list[Epoch]:
    """The epochs that :func:`keep_twice` wrote, but for those that are not as they were written."""
    found = []
    for line in text.splitlines():
        base, _, rest = line.partition(" ")
        name, _, proof = rest.partition(" ")
        if base.isascii() and base.isdigit() and proof == str(name_sum(base, name)):
            found.append(Epoch(int(base), name))
    return found


def last_seq(connection: sqlite3.Connection) -> int:
    """The number of the newest record, also where that record is gone; 0 before the first."""
    query = (
        "select max(coalesce((select max(seq) from journal), 0), "
        "coalesce((select max(base) from epochs), 0))"
    )
    return int(connection.execute(query).fetchone()[0])
