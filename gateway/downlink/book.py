"""What the centre told, on disk: each step of it one transaction with the word that goes back."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from contract import Message
from contract.downlink import digest_of
from gateway.journal import Journal
from gateway.journal.lasting import Lasting, Spell, forget_spells, read_spells, write_spells

KEPT_S = 120 * 86_400
"""What is over is remembered so long: detectors look back over weeks."""

KNOWN_VERSIONS = range(1, 2**31)
"""What a version of the configuration may be numbered."""
_STATES = frozenset({"trial", "good", "refused", "reverted"})
_USABLE = frozenset({"trial", "good"})


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

    @property
    def is_whole(self) -> bool:
        """Whether it is as the centre sent it, as far as its digest can tell."""
        sent = self.version in KNOWN_VERSIONS and self.digest == digest_of(self.content)
        return sent and self.state in _STATES


class Damaged(NamedTuple):
    """What is not as it was kept.

    Attributes:
        versions: Of the configuration.
        spells: The commands of what lasts, as they stand there now.
    """

    versions: list[Kept]
    spells: list[bytes]


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
        """The versions that the hub may run with, the newest first; none that is damaged."""
        return [one for one in self._versions() if one.state in _USABLE and one.is_whole]

    def damaged(self) -> Damaged:
        """What is not as it was kept; nothing else that is asked of the book tells of it."""
        spells = self._journal.read(read_spells).damaged
        return Damaged([one for one in self._versions() if not one.is_whole], spells)

    def _versions(self) -> list[Kept]:
        rows = self._journal.rows(
            "select version, digest, content, state, starts, boot, applied from configuration "
            "order by version desc"
        )
        return [Kept._make([*row[:-1], bool(row[-1])]) for row in rows]

    def has(self, command: str) -> bool:
        """Whether a command was taken before."""
        return bool(self._journal.rows("select 1 from command where id = ?", command))

    def spells(self) -> Lasting:
        """Everything that lasts or lasted, the earliest first."""
        return self._journal.read(read_spells)

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
                write_spells(db, [begins])

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
            moved = (
                one._replace(since=one.since + seconds, until=one.until + seconds) for one in spells
            )
            write_spells(db, moved)

        self._journal.write_together((), change, now)

    def announced(self, spell: Spell, now: float) -> None:
        """Notes that a pause has been told of everything that is watched for."""

        def change(db: sqlite3.Connection) -> None:
            write_spells(db, [spell._replace(announced=True)])

        self._journal.write_together((), change, now)

    def forget(self, damaged: Damaged, told: Sequence[Message], now: float) -> None:
        """Lets go what is damaged; what the centre has of it, it tells again when it is asked."""

        def change(db: sqlite3.Connection) -> None:
            forget_spells(db, damaged.spells)
            db.executemany(
                "delete from configuration where version = ?",
                [(one.version,) for one in damaged.versions],
            )

        self._journal.write_together(told, change, now)


def _end(db: sqlite3.Connection, ends: Sequence[Spell]) -> None:
    write_spells(db, (one._replace(over=True) for one in ends))
