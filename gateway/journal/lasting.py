"""What lasts for a time, as a pause does, each under a sum.

One bit that turned over would else end a pause, or have it last for years.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from contract import CommandKind
from contract.downlink import LONGEST_ABSENCE_S, LONGEST_PAUSE_S, LONGEST_WALK_MIN
from gateway.journal.sums import name_sum

LONGEST_LESSON_S = 86_400.0
"""Whoever has not learned anew by then does not."""

_LONGEST_S: dict[str, float] = {
    CommandKind.PAUSE: LONGEST_PAUSE_S,
    CommandKind.AWAY: LONGEST_ABSENCE_S,
    CommandKind.WALK_TEST: LONGEST_WALK_MIN * 60.0,
    CommandKind.RELEARN: LONGEST_LESSON_S,
}
_ROUNDED_S = 1.0
"""What begins is dated to the millisecond, and so may last a little longer than was asked."""
_FARTHEST_S = 1e11
"""A time further from 1970 than this, some three thousand years, is none."""
_ROWS = (
    "select cast(command as blob), kind, since, until, over, announced, sum from spell "
    "order by since, command"
)


class Spell(NamedTuple):
    """What lasts for a time, in epoch seconds by the hub's clock."""

    command: str
    kind: str
    since: float
    until: float
    over: bool = False
    announced: bool = False


class Lasting(NamedTuple):
    """What is stored of it.

    Attributes:
        spells: As they were written, the earliest first.
        damaged: Of the others, the commands as they stand there now.
    """

    spells: list[Spell]
    damaged: list[bytes]


def read_spells(connection: sqlite3.Connection) -> Lasting:
    """All of them, with what cannot be believed."""
    found = Lasting([], [])
    for command, kind, since, until, over, announced, proof in connection.execute(_ROWS):
        one = Spell(
            command.decode("utf-8", "replace"), kind, since, until, bool(over), bool(announced)
        )
        if proof in {None, _sum(one)} and _is_sound(one):
            found.spells.append(one)
        else:
            found.damaged.append(command)
    return found


def write_spells(connection: sqlite3.Connection, spells: Iterable[Spell]) -> None:
    """Stores some, in the place of what is known of them; within the caller's transaction."""
    connection.executemany(
        "insert or replace into spell values (?, ?, ?, ?, ?, ?, ?)",
        [(*one, _sum(one)) for one in spells],
    )


def forget_spells(connection: sqlite3.Connection, commands: Sequence[bytes]) -> None:
    """Deletes some; within the caller's transaction."""
    connection.executemany(
        "delete from spell where cast(command as blob) = ?", [(one,) for one in commands]
    )


def _sum(one: Spell) -> int:
    times = (repr(float(one.since)), repr(float(one.until)))
    return name_sum(one.command, one.kind, *times, int(one.over), int(one.announced))


def _is_sound(one: Spell) -> bool:
    """Whether a hub can have written it: one that is older than sums has nothing else to prove it.

    A time away that was ended may end before it began: at the end of the day before.
    """
    if not all(isfinite(t) and abs(t) < _FARTHEST_S for t in (one.since, one.until)):
        return False
    return one.until - one.since <= _LONGEST_S.get(one.kind, -_FARTHEST_S) + _ROUNDED_S
