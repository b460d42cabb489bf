"""Two replicas, one killed, and sessions of the database cut: every message arrives, none twice."""

import asyncio
import base64
from collections import Counter
from pathlib import Path

import asyncpg
import msgspec
import pytest

from api.channels.registry import CHANNELS
from api.outbox.service import Outbox, Wanted
from api.services import Services
from api.store.sealed import Seal
from tests.api.channels.receiver import Receiver, receiver
from tests.api.server import CentreProcess
from tests.api.support import add_alert, add_device

pytestmark = pytest.mark.network

KEY = bytes(range(32))
ALERTS = 60
LEFT = "select count(*) from outbox where state = 'waiting' and lease_until is null"
HELD = "update outbox set lease_until = now() where state = 'waiting' returning key::text"
KEPT = """
update outbox set lease_until = lease_until + interval '1 hour'
where state = 'waiting' and lease_until is not null
"""
"""What a dead worker held goes out again when its lease runs out: not before the test says so,
however slow the machine. A living worker renews its own."""
CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and query like '%outbox%'
"""


async def until(connection: asyncpg.Connection, query: str) -> None:
    async with asyncio.timeout(30):
        while await connection.fetchval(query):  # noqa: ASYNC110 - nobody here could set an event
            await asyncio.sleep(0.05)


async def add_webhook(services: Services, url: str) -> None:
    secret = "whsec_" + base64.b64encode(KEY).decode()
    wanted = {"name": "desk", "channel": "webhook", "settings": {
        "url": url, "secret": secret, "allow_private": True}}  # fmt: skip
    outbox = Outbox(services.database, services.clock, CHANNELS, Seal(KEY))
    await outbox.set(1, msgspec.convert(wanted, Wanted))


def keys(receiver: Receiver) -> Counter[str]:
    return Counter(got.headers["webhook-id"] for got in receiver.got)


async def test_every_message_arrives_and_what_a_living_worker_holds_arrives_once(
    services: Services, migrated_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(base64.b64encode(KEY).decode())
    more = {"TELECARE_SECRET_KEY_FILE": str(key_file)}
    replicas = [CentreProcess(tmp_path, migrated_url, **more) for _ in range(2)]
    async with receiver() as desk:
        await add_webhook(services, desk.url)
        device = await add_device(services)
        try:
            await asyncio.gather(*(asyncio.to_thread(one.start) for one in replicas))
            for seq in range(ALERTS):
                await add_alert(services, device, seq + 1)
                if seq == ALERTS // 3:
                    await connection.fetch(CUT)
                if seq == ALERTS // 2:
                    replicas[0].kill()
                    await connection.execute(KEPT)
            await until(connection, LEFT)
            await asyncio.sleep(1)
            twice = {key for key, times in keys(desk).items() if times > 1}
            assert twice == set()
            held = {row["key"] for row in await connection.fetch(HELD)}
            await until(connection, "select count(*) from outbox where state <> 'sent'")
        finally:
            for replica in replicas[1:]:
                assert await asyncio.to_thread(replica.stop) == 0
    told = keys(desk)
    assert len(told) == ALERTS
    assert {key for key, times in told.items() if times > 1} <= held
