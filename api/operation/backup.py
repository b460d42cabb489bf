"""A back-up of the centre's database, consistent while the centre works, and what proves it whole.

A folder with `centre.dump` (pg_dump's own format) and `manifest.json`: what was in every table at
that instant, where each chain of the audit log ended, and the dump's checksum. The key that seals
secrets is no part of the database and of no back-up.
"""

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path

import msgspec

from api.audit.chain import Head
from api.audit.note import CENTRE, COMMAND, note
from api.audit.verify import write_heads
from api.operation.postgres_tools import run_tool
from api.refusals import Invalid
from api.store.database import Connection

DUMP, MANIFEST = "centre.dump", "manifest.json"
_PIECE = 1 << 20

_TABLES = """
select format('%I.%I', n.nspname, c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'series') and c.relkind in ('r', 'p') and not c.relispartition
order by 1
"""
_HEADS = "select chain, entries, hash from audit_chain order by chain"
_TIMESCALE = "select exists (select from pg_extension where extname = 'timescaledb')"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a back-up holds.

    Attributes:
        at: When; all of it is as it was at this instant.
        software: The version that made it.
        migrations: What the database had had.
        rows: Rows of every table.
        heads: Where the chains of the audit log ended, as `verify-audit` prints it.
        sha256: Of the dump, in hexadecimal.
        size: Of the dump, in bytes.
    """

    v: int = 1
    at: datetime
    software: str
    migrations: list[str]
    rows: dict[str, int]
    heads: str
    sha256: str
    size: int


async def back_up(
    connection: Connection, url: str, folder: Path, *, software: str, now: datetime
) -> Manifest:
    """Writes a back-up; the folder appears only when it is whole.

    Args:
        connection: With the rights of the tables' owner.
        url: The same database.
        folder: Must not be there yet.
        software: This version.
        now: When.

    Raises:
        Invalid: The folder is there, cannot be made, or the database is one of TimescaleDB.
        ToolFailed: pg_dump failed.
    """
    if folder.exists():  # noqa: ASYNC240 - a command, with nobody else to hold up
        raise Invalid(f"{folder} is there already. Name a folder that is not.")
    await _refuse_timescale(connection)
    half = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise Invalid(f"{half} cannot be made: {error.strerror}.") from error
    dump = half / DUMP
    try:
        async with connection.transaction():
            await connection.execute("set transaction isolation level repeatable read, read only")
            snapshot = await connection.fetchval("select pg_export_snapshot()")
            rows = await count_rows(connection)
            migrations = await connection.fetch("select name from migration order by name")
            heads = [Head(*row) for row in await connection.fetch(_HEADS)]
            await run_tool(
                "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", url=url
            )
        dump.chmod(0o600)
        manifest = Manifest(
            at=now, software=software, migrations=[row["name"] for row in migrations], rows=rows,
            heads=write_heads(heads), sha256=checksum(dump), size=dump.stat().st_size,
        )  # fmt: skip
        _write(half / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        said = f"{sum(rows.values())} rows"
        await note(connection, now, "centre.backup", CENTRE, detail=said, actor=COMMAND)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return manifest


async def count_rows(connection: Connection) -> dict[str, int]:
    """Rows of every table, each partitioned one as a whole."""
    tables = [row["name"] for row in await connection.fetch(_TABLES)]
    return {
        name: await connection.fetchval(f"select count(*) from {name}")  # noqa: S608 - from the catalogue
        for name in tables
    }


def read_back_up(folder: Path) -> Manifest:
    """What a back-up says it holds, once its dump was found to be as it was written.

    Raises:
        Invalid: There is none, or it was changed or cut short.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        same = checksum(folder / DUMP) == manifest.sha256
    except OSError as error:
        raise Invalid(f"{folder}: no back-up that can be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise Invalid(f"{folder / MANIFEST} is not what a back-up writes: {error}.") from error
    if not same:
        raise Invalid(f"{folder / DUMP} was changed or cut short since. Use another back-up.")
    return manifest


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


async def _refuse_timescale(connection: Connection) -> None:
    if await connection.fetchval(_TIMESCALE):
        raise Invalid(
            "This database is one of TimescaleDB: back it up with pg_dump, and restore it between "
            "timescaledb_pre_restore() and timescaledb_post_restore(), as docs/operations.md says "
            "under 'With TimescaleDB'."
        )


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(content + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    file.chmod(0o600)
