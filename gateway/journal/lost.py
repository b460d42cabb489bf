"""Numbers of records that cannot be read any more: each is told as lost once."""

import sqlite3
from contextlib import suppress

from gateway.journal.sums import name_sum

_GAPS = """
with there as (
    select :start - 1 as seq union select seq from journal where seq between :start and :top
), pairs as (
    select seq, lead(seq, 1, :top + 1) over (order by seq) as following from there
)
select seq + 1, following - 1 from pairs where following > seq + 1
"""

Range = tuple[int, int]
"""The first number and the last one."""


def note_lost(old: sqlite3.Connection, new: sqlite3.Connection, start: int, top: int) -> int:
    """Notes which numbers are missing; of how many that was not known before.

    What is known cannot always be read: then it is told again rather than not at all.

    Args:
        old: What is damaged, and may say what was lost before.
        new: Where the records are.
        start: From this number on there should be records.
        top: Up to this one.
    """
    known = _known(old)
    gaps = [(int(first), int(last)) for first, last in _gaps(new, start, top)]
    new.execute("delete from lost")
    rows = [(*one, name_sum(*one)) for one in gaps]
    new.executemany("insert into lost values (?, ?, ?)", rows)
    return sum(last + 1 - first for first, last in gaps) - _common(gaps, known)


def _gaps(connection: sqlite3.Connection, start: int, top: int) -> list[Range]:
    return connection.execute(_GAPS, {"start": start, "top": top}).fetchall()


def _known(old: sqlite3.Connection) -> list[Range]:
    found = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for *one, proof in old.execute("select first, last, sum from lost order by first"):
            if proof == name_sum(*one):
                found.append((one[0], one[1]))
    return found


def _common(some: list[Range], others: list[Range]) -> int:
    """How many numbers are in both; each is sorted and holds a number once."""
    count, i, j = 0, 0, 0
    while i < len(some) and j < len(others):
        first, last = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        count += max(last + 1 - first, 0)
        if some[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return count
