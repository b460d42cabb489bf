"""What the centre told, on disk: each step of it one transaction with the word that goes back."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from contract import Message
from gateway.journal import Journal

KEPT_S = 120 * 86_400
"""What is over is remembered so long: detectors look back over weeks."""


class Cursor(NamedTuple):
    """How far the hub has come."""

    configuration: int
    commands: int


class Kept(NamedTuple):
    """A version of the configuration, as kept.

    Attributes:
        starts: How often the hub has begun with it since the machine started that `boot` names.
        applied: Whether the centre was told that the hub runs with it.
    """

    version: int
    digest: str
    content: bytes
    state: str
    starts: int
    boot: str = ""
    applied: bool = False


class Spell(NamedTuple):
    """What lasts for a time, in epoch seconds by the hub's clock."""

    command: str
    kind: str
    since: float
    until: float
    over: bool = False
    announced: bool = False


class DownlinkBook:
    """The tables of the downlink, in the journal's file."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @property
    def cursor(self) -> Cursor:
        """The newest version, whatever became of it, and the highest number taken."""
        rows = self._journal.rows(
            "select (select coalesce(max(version), 0) from configuration), "
            "(select coalesce(max(number), 0) from commands)"
        )
        return Cursor(*rows[0])

    def usable(self) -> list[Kept]:
        """The versions that the hub may run with, the newest first."""
        rows = self._journal.rows(
            "select version, digest, content, state, starts, boot, applied from configuration "
            "where state in ('trial', 'good') order by version desc"
        )
        return [Kept._make([*row[:-1], bool(row[-1])]) for row in rows]

    def has(self, command: str) -> bool:
        """Whether a command was taken before."""
        return bool(self._journal.rows("select 1 from command where id = ?", command))

    def spells(self) -> list[Spell]:
        """Everything that lasts or lasted, the earliest first."""
        rows = self._journal.rows(
            "select command, kind, since, until, over, announced from spell order by since, command"
        )
        return [
            Spell(command, kind, since, until, bool(over), bool(announced))
            for command, kind, since, until, over, announced in rows
        ]

    def take_version(self, kept: Kept, told: Sequence[Message], now: float) -> None:
        """Keeps a version; of those before it, what the hub could go back to stays."""

        def change(db: sqlite3.Connection) -> None:
            db.execute(
                "insert or replace into configuration "
                "(version, digest, content, state, starts, taken_at) values (?, ?, ?, ?, ?, ?)",
                (*kept[:5], now),
            )
            db.execute(
                "delete from configuration where version < ? and (state not in ('trial', 'good') "
                "or version < (select max(version) from configuration where state = 'good'))",
                (kept.version,),
            )

        self._journal.write_together(told, change, now)

    def mark(self, version: int, state: str, told: Sequence[Message], now: float) -> None:
        """Notes what became of a version."""

        def change(db: sqlite3.Connection) -> None:
            db.execute("update configuration set state = ? where version = ?", (state, version))

        self._journal.write_together(told, change, now)

    def note_starts(self, version: int, starts: int, boot: str, now: float) -> None:
        """Notes how often the hub has begun with a version on trial."""

        def change(db: sqlite3.Connection) -> None:
            db.execute(
                "update configuration set starts = ?, boot = ? where version = ?",
                (starts, boot, version),
            )

        self._journal.write_together((), change, now)

    def note_applied(self, version: int, told: Sequence[Message], now: float) -> None:
        """Notes that the centre is told that the hub runs with a version."""

        def change(db: sqlite3.Connection) -> None:
            db.execute("update configuration set applied = 1 where version = ?", (version,))

        self._journal.write_together(told, change, now)

    def take_command(
        self,
        command: str,
        number: int,
        told: Sequence[Message],
        now: float,
        *,
        begins: Spell | None = None,
        ends: Sequence[Spell] = (),
    ) -> None:
        """Takes a command with all that comes of it: what begins, what ends, what is told."""

        def change(db: sqlite3.Connection) -> None:
            db.execute(
                "insert into commands values (1, ?) on conflict do update "
                "set number = max(number, excluded.number)",
                (number,),
            )
            db.execute("insert or ignore into command values (?, ?)", (command, now))
            _end(db, ends)
            if begins is not None:
                db.execute(
                    "insert or replace into spell values (?, ?, ?, ?, 0, 0)",
                    (begins.command, begins.kind, begins.since, begins.until),
                )

        self._journal.write_together(told, change, now)

    def end(self, ends: Sequence[Spell], told: Sequence[Message], now: float) -> None:
        """Notes that something is over, and forgets what has long been over."""

        def change(db: sqlite3.Connection) -> None:
            _end(db, ends)
            db.execute("delete from spell where over = 1 and until < ?", (now - KEPT_S,))
            db.execute("delete from command where taken_at < ?", (now - KEPT_S,))

        self._journal.write_together(told, change, now)

    def move(self, spells: Sequence[Spell], seconds: float, now: float) -> None:
        """Moves what lasts: the clock by which it was noted has been set."""

        def change(db: sqlite3.Connection) -> None:
            db.executemany(
                "update spell set since = since + ?, until = until + ? where command = ?",
                [(seconds, seconds, one.command) for one in spells],
            )

        self._journal.write_together((), change, now)

    def announced(self, spell: Spell, now: float) -> None:
        """Notes that a pause has been told of everything that is watched for."""

        def change(db: sqlite3.Connection) -> None:
            db.execute("update spell set announced = 1 where command = ?", (spell.command,))

        self._journal.write_together((), change, now)


def _end(db: sqlite3.Connection, ends: Sequence[Spell]) -> None:
    db.executemany(
        "update spell set over = 1, until = ? where command = ?",
        [(one.until, one.command) for one in ends],
    )
