"""What was switched off for a home, and from when on: a replay decides as was decided then.

A hub takes such a change only where it begins anew, so it is noted there, before the engine works.
"""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from gateway.journal.sums import DamagedError, name_sum

_COLUMNS = "select after, upto, driven, conditions, sum from switched_off"


class Switch(NamedTuple):
    """One change of what is switched off.

    Attributes:
        after: The number of the newest record then.
        upto: The number of the last event that the engine had gone through.
        driven: How far it had let time pass, in epoch seconds; None where it had not.
        conditions: What is switched off from then on, sorted.
    """

    after: int
    upto: int
    driven: float | None
    conditions: tuple[str, ...]


def read_switches(connection: sqlite3.Connection) -> list[Switch]:
    """All of them, the earliest first.

    Raises:
        DamagedError: One is not as it was written.
    """
    return [_read(row) for row in connection.execute(f"{_COLUMNS} order by id")]


def note_switch(connection: sqlite3.Connection, one: Switch) -> None:
    """Notes what is switched off where that has changed; within the caller's transaction.

    Raises:
        DamagedError: The last one is not as it was written.
    """
    row = connection.execute(f"{_COLUMNS} order by id desc limit 1").fetchone()
    if row is not None and _read(row).conditions == one.conditions:
        return
    said = " ".join(one.conditions)
    values = (*one[:3], said, _sum(*one[:3], said))
    query = "insert into switched_off (after, upto, driven, conditions, sum) values (?, ?, ?, ?, ?)"
    connection.execute(query, values)


def forget_damaged(connection: sqlite3.Connection) -> None:
    """Deletes what was carried over as it stood and is not as it was written."""
    for number, *row in connection.execute(
        "select id, after, upto, driven, conditions, sum from switched_off"
    ).fetchall():
        if row[4] != _sum(*row[:4]):
            connection.execute("delete from switched_off where id = ?", (number,))


def switched(conditions: Collection[str]) -> tuple[str, ...]:
    """What is switched off, as it is kept."""
    return tuple(sorted(set(conditions)))


def _read(row: tuple[int, int, float | None, str, int]) -> Switch:
    after, upto, driven, said, proof = row
    if proof != _sum(after, upto, driven, said):
        raise DamagedError("what was switched off is not as it was written")
    return Switch(after, upto, driven, tuple(said.split()))


def _sum(after: int, upto: int, driven: float | None, said: str) -> int:
    return name_sum(after, upto, repr(driven), said)
