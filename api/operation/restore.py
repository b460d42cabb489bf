"""Brings a back-up back into an empty database, and looks whether all of it is there."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from api.audit.verify import read_heads, verify
from api.operation.backup import DUMP, Manifest, count_rows, read_back_up
from api.operation.brought_back import Ended, shut
from api.operation.postgres_tools import run_tool
from api.refusals import Conflict
from api.store.database import Connection, Database
from api.store.migrate import pending

_LIVING = """
select exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
        and c.relkind in ('r', 'p', 'v', 'm', 'S')
)
"""
_ROLES = """
do $$
declare
    wanted text;
begin
    foreach wanted in array array['telecare_organisation', 'telecare_centre'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
            null;  -- another database of this server has them
        end;
        execute format('grant %I to current_user', wanted);
    end loop;
end $$
"""


class Restored(NamedTuple):
    """What became of it.

    Attributes:
        manifest: What the back-up said.
        faults: What is not as it said; empty where all is well.
        ended: What could have come in or gone out by it, and can no more.
        missing: Migrations that this version would still apply.
    """

    manifest: Manifest
    faults: list[str]
    ended: list[Ended]
    missing: list[str]


async def restore(connection: Connection, url: str, folder: Path, now: datetime) -> Restored:
    """Brings it back, all of it or nothing, compares, and shuts what may be no longer so.

    Args:
        connection: As who is to own the tables.
        url: The same database.
        folder: The back-up.
        now: When.

    Raises:
        Conflict: There is something in the database.
        Invalid: The back-up is none, or was changed.
        MigrationError: A newer version made it, whose second phases this one does not know.
        ToolFailed: pg_restore failed; the database is as empty as it was.
    """
    manifest = read_back_up(folder)
    if await connection.fetchval(_LIVING):
        raise Conflict(
            "There is something in this database, and nothing is restored over it. Make a new one."
        )
    await connection.execute(_ROLES)  # which are the server's, and in no dump
    await run_tool(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner",
        str(folder / DUMP), url=url,
    )  # fmt: skip
    await connection.execute("analyze")
    faults = _differences(manifest.rows, await count_rows(connection))
    database = Database(url, connections=2)
    try:
        faults += (await verify(database, read_heads(manifest.heads))).faults
    finally:
        await database.close()
    ended = await shut(connection, now)
    return Restored(manifest, faults, ended, await pending(connection))


def _differences(said: dict[str, int], found: dict[str, int]) -> list[str]:
    return [
        f"{name}: {said.get(name, 0)} rows were backed up, {found.get(name, 0)} are here"
        for name in sorted(said.keys() | found.keys())
        if said.get(name) != found.get(name)
    ]
