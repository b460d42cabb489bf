"""A centre that was destroyed is back as it was at one instant, or somebody is told."""

import asyncio
import base64
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from api.operation.backup import DUMP, back_up, read_back_up
from api.operation.postgres_tools import ToolFailed
from api.operation.restore import restore
from api.refusals import Conflict, Invalid
from api.services import Services
from api.store.drift import drift
from tests.api.outbox.test_replicas import KEY, add_webhook
from tests.api.support import NOON, Device, add_alert, add_device, add_user
from tests.support.database import Postgres
from tests.support.program import run

pytestmark = pytest.mark.network

CONTENT = "select md5(string_agg(t::text, '|' order by t::text)) from {} t"


async def lived(services: Services) -> Device:
    """A home in which much has happened."""
    device = await add_device(services, "h-kept")
    ann = await add_user(services, "ann", role="supervisor")
    alert = await add_alert(services, device, 1)
    await services.ingest.store(
        device.batch([device.event(seq) for seq in range(2, 60)] + [device.health(60)]), device.home
    )
    await services.alerts.claim(alert, ann)
    await services.configurations.put(device.home, b'{"people": 2}', ann, seen=0)
    await add_webhook(services, "https://desk.example/told")
    return device


async def content(url: str, tables: list[str]) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        return {name: await connection.fetchval(CONTENT.format(name)) for name in tables}
    finally:
        await connection.close()


async def test_what_was_backed_up_while_hubs_sent_comes_back_as_it_was_at_one_instant(
    services: Services, migrated_url: str, connection: asyncpg.Connection, postgres: Postgres,
    tmp_path: Path,
) -> None:  # fmt: skip
    device = await lived(services)
    ended = False

    async def send() -> int:
        seq = 100
        while not ended:
            seq += 2
            records = [device.event(seq), device.alert(seq + 1, id=f"{device.home}:x:{seq}")]
            await services.ingest.store(device.batch(records, "e2"), device.home)
        return seq

    sending = asyncio.create_task(send())
    await asyncio.sleep(0.2)
    folder = tmp_path / "backup"
    kept = ["public.staff", "public.home", "public.destination", "public.audit_chain"]
    before = await content(migrated_url, kept)  # without the entry that it was backed up
    made = await back_up(connection, migrated_url, folder, software="1", now=NOON)
    meanwhile = await connection.fetchval("select count(*) from event")
    ended = True
    await sending
    assert meanwhile > made.rows["series.event"] > 58
    # An event and an alert came in each batch: never one without the other.
    assert made.rows["series.event"] - 58 == made.rows["public.alert"] - 1
    secret = base64.b64encode(KEY)
    files = b"".join(file.read_bytes() for file in folder.iterdir())
    assert KEY not in files
    assert secret not in files
    assert (folder.stat().st_mode & 0o77, (folder / DUMP).stat().st_mode & 0o77) == (0, 0)

    other = postgres.create_database()
    empty = await asyncpg.connect(other)
    restored = await restore(empty, other, folder, NOON)
    assert (restored.faults, restored.missing, await drift(empty)) == ([], [], [])
    with pytest.raises(Conflict, match="nothing is restored over it"):
        await restore(empty, other, folder, NOON)
    await empty.close()
    assert await content(other, kept) == before


async def test_a_back_up_that_failed_or_was_changed_is_not_taken_for_one(
    connection: asyncpg.Connection, migrated_url: str, tmp_path: Path
) -> None:
    away, folder = f"postgresql://postgres@/postgres?host={tmp_path}", tmp_path / "backup"
    with pytest.raises(ToolFailed, match="pg_dump failed"):
        await back_up(connection, away, folder, software="1", now=NOON)
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - nobody is held up
    await back_up(connection, migrated_url, folder, software="1", now=NOON)
    with pytest.raises(Invalid, match="there already"):
        await back_up(connection, migrated_url, folder, software="1", now=NOON)
    assert read_back_up(folder).rows["public.organisation"] == 1
    whole = (folder / DUMP).read_bytes()
    (folder / DUMP).write_bytes(whole[:-1])
    with pytest.raises(Invalid, match="changed or cut short"):
        read_back_up(folder)
    with pytest.raises(Invalid, match="no back-up that can be read"):
        read_back_up(tmp_path)


@pytest.mark.slow
async def test_a_centre_with_a_database_of_its_own_is_brought_back_by_two_commands(
    tmp_path: Path,
) -> None:
    with TemporaryDirectory(prefix="telecare-backup-") as place:
        lost, new = ({"DATABASE_URL": "", "TELECARE_DATA": f"{place}/{name}"} for name in "ab")
        run("telecare-api", "add-hub", "--home", "h-kept", environment=lost)
        folder = tmp_path / "backup"
        run("telecare-api", "backup", folder, environment=lost)
        done = run("telecare-api", "restore", folder, environment=new)
        assert "0 faults" in done.stdout
        run("telecare-api", "verify-audit", environment=new)
        with pytest.raises(AssertionError, match="nothing is restored over it"):
            run("telecare-api", "restore", folder, environment=new)
        again = run("telecare-api", "migrate", "--check", environment=new)
        assert "up to date" in again.stdout
