"""Brings a database to the schema of this version, once, however many replicas start together.

Migrations are plain SQL files, `0001_name.sql`, in order of their names. Where TimescaleDB makes a
difference a step has two files, `0002_name.plain.sql` and `0002_name.timescale.sql`; which of them
a database gets is settled when it is first set up. The database keeps each file's checksum: a file
that was changed afterwards is refused, for then nobody could say what any database holds.

A step has two phases, so that replicas can be replaced one at a time. What the version before can
live with comes first and is applied when the first new replica starts. What it cannot (a column
that goes, a rule that is tightened) waits in `0005_name.post.sql` until somebody says that the last
old replica has gone. So a replica may meet first phases that it does not know, but no second ones.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from api.store.database import Connection
from api.store.drift import described, keep_description

PLAIN, TIMESCALE = "plain", "timescale"
_FLAVOURS = (TIMESCALE, PLAIN)
_LATE = ".post.sql"

_LOCK = 0x7E1ECA2E
"""Any number that nobody else locks in the same database."""

_TABLE = """
create table if not exists migration (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
)
"""

# Compression and continuous aggregates need the community licence as well as the extension.
_TIMESCALE_THERE = """
select exists (select from pg_available_extensions where name = 'timescaledb')
"""
_TIMESCALE_WHOLE = """
select coalesce(current_setting('timescaledb.license', true), '') = 'timescale'
    and exists (select from pg_extension where extname = 'timescaledb')
"""


class MigrationError(Exception):
    """The database and the migrations of this version do not fit. Says what to do."""


@dataclass(frozen=True)
class Migration:
    """One file."""

    name: str
    sql: str

    @property
    def flavour(self) -> str:
        """Which databases it is for: `plain`, `timescale`, or all where empty."""
        return next((flavour for flavour in _FLAVOURS if f".{flavour}." in self.name), "")

    @property
    def order(self) -> tuple[str, bool]:
        """Where it stands among the others; a second phase behind its first."""
        return self.name.split(".")[0], self.late

    @property
    def late(self) -> bool:
        """Whether it waits until the last replica of the version before has gone."""
        return self.name.endswith(_LATE)

    @property
    def checksum(self) -> str:
        """Changes with any change to the file."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped() -> list[Migration]:
    """The migrations of this version."""
    folder = resources.files("api.store").joinpath("migrations")
    files = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    found = [Migration(file.name, file.read_text("utf-8")) for file in files]
    return sorted(found, key=lambda one: (one.order, one.flavour))


async def migrate(
    connection: Connection,
    migrations: Sequence[Migration] | None = None,
    *,
    finish: bool = False,
) -> list[str]:
    """Applies what is missing, all of it or nothing; the names of what was applied.

    Args:
        connection: As the owner of the tables.
        migrations: Those of this version if left out.
        finish: No replica of the version before runs any more: also the second phases. In a new
            database nobody else can be at work, so it gets them in any case.

    Raises:
        MigrationError: A file differs from what was applied, or the database is newer than this.
    """
    known = shipped() if migrations is None else migrations
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute(_TABLE)
        applied = await _applied(connection)
        todo = _todo(known, applied, await _flavour(connection, applied), finish=finish)
        for migration in todo:
            await connection.execute(migration.sql)
            await connection.execute(
                "insert into migration (name, checksum) values ($1, $2)",
                migration.name,
                migration.checksum,
            )
        if todo or not await described(connection):
            await keep_description(connection)
    return [migration.name for migration in todo]


async def pending(
    connection: Connection,
    migrations: Sequence[Migration] | None = None,
    *,
    finish: bool = False,
) -> list[str]:
    """The names of what :func:`migrate` would apply. Changes nothing.

    Raises:
        MigrationError: As :func:`migrate`.
    """
    known = shipped() if migrations is None else migrations
    there = await connection.fetchval("select to_regclass('migration') is not null")
    applied = await _applied(connection) if there else {}
    flavour = _settled(applied) or PLAIN
    return [migration.name for migration in _todo(known, applied, flavour, finish=finish)]


async def _applied(connection: Connection) -> dict[str, str]:
    rows = await connection.fetch("select name, checksum from migration order by name")
    return {row["name"]: row["checksum"] for row in rows}


async def _flavour(connection: Connection, applied: dict[str, str]) -> str:
    settled = _settled(applied)
    if settled:
        return settled
    if await connection.fetchval(_TIMESCALE_THERE):
        await connection.execute("create extension if not exists timescaledb")
    return TIMESCALE if await connection.fetchval(_TIMESCALE_WHOLE) else PLAIN


def _settled(applied: dict[str, str]) -> str | None:
    for flavour in _FLAVOURS:
        if any(Migration(name, "").flavour == flavour for name in applied):
            return flavour
    return None


def _todo(
    known: Sequence[Migration], applied: dict[str, str], flavour: str, *, finish: bool
) -> list[Migration]:
    ours = [migration for migration in known if migration.flavour in {"", flavour}]
    _compare({migration.name: migration.checksum for migration in ours}, applied)
    missing = [migration for migration in ours if migration.name not in applied]
    if finish or not applied:
        return missing
    # A second phase that stands before a first one is of a version rolled out long ago.
    first = [at for at, migration in enumerate(missing, 1) if not migration.late]
    return missing[: max(first, default=0)]


def _compare(checksums: dict[str, str], applied: dict[str, str]) -> None:
    beyond = sorted(name for name in applied.keys() - checksums.keys() if name.endswith(_LATE))
    if beyond:
        raise MigrationError(
            f"The database has had {beyond[0]}, which this version does not know: it belongs to a "
            "newer telecare-api. Start that version, or restore a backup."
        )
    changed = [name for name in checksums if applied.get(name, checksums[name]) != checksums[name]]
    if changed:
        raise MigrationError(
            f"{changed[0]} has been changed since the database was migrated with it. Put the file "
            "back as it was, and make the change in a new migration."
        )
