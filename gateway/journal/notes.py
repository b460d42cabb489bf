"""Words that the hub leaves for those who look after it: one of each name, the newest."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from gateway.journal.sums import plausible


class Note(NamedTuple):
    """What was left, and when by the hub's clock, in epoch seconds."""

    name: str
    at: float
    text: str


def write_notes(connection: sqlite3.Connection, notes: Iterable[Note]) -> None:
    """Leaves words, each in the place of an older one of its name."""
    connection.executemany(
        "insert into notes values (?, ?, ?) on conflict do update "
        "set at = excluded.at, text = excluded.text",
        list(notes),
    )


def read_notes(connection: sqlite3.Connection) -> list[Note]:
    """What was left, by its name."""
    query = f"select name, {plausible('at')}, text from notes order by name"  # noqa: S608 - our own
    return [Note(*row) for row in connection.execute(query)]
