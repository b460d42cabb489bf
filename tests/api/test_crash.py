"""`kill -9` of the centre in mid-ingest: a hub that asks again finds nothing lost or double."""

import asyncio
import random
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.clock import utc_now
from api.services import Services
from contract import Receipt, decode
from tests.api.server import CentreProcess
from tests.api.support import Device, add_device

pytestmark = pytest.mark.network

BATCHES, SIZE = 100, 40


async def deliver(device: Device, url: str) -> None:
    """Sends everything in order, as a hub does: again and again until there is a receipt."""
    address = f"{url}/v1/hubs/{device.hub}/batches"
    async with httpx.AsyncClient(timeout=10) as client:
        received = 0
        while received < BATCHES * SIZE:
            records = [device.event(seq) for seq in range(received + 1, received + SIZE + 1)]
            headers = {"Authorization": f"Bearer {device.token(utc_now())}"}
            body = device.batch_json(records)
            try:
                answer = await client.post(address, content=body, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 503:
                continue
            assert answer.status_code == 200, answer.text
            received = decode(answer.content, Receipt).contiguous


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.slow)])
async def test_nothing_is_lost_and_nothing_is_double(
    services: Services,
    migrated_url: str,
    connection: asyncpg.Connection,
    tmp_path: Path,
    kills: int,
) -> None:
    devices = [await add_device(services) for _ in range(3)]
    dice = random.Random(kills)  # noqa: S311 - the same instants every time, as far as may be
    centre = CentreProcess(tmp_path, migrated_url)
    await asyncio.to_thread(centre.start)
    try:
        sending = asyncio.gather(*(deliver(device, centre.url) for device in devices))
        interrupted = 0
        for _ in range(kills):
            await asyncio.sleep(dice.uniform(0, 0.4))
            interrupted += not sending.done()
            centre.kill()
            await asyncio.to_thread(centre.start)
        await sending
        assert interrupted >= min(kills, 3), "the kills came too late to show anything"
    finally:
        await asyncio.to_thread(centre.stop)
    for device in devices:
        rows = await connection.fetch(
            "select seq from event where home = $1 order by seq", device.home
        )
        assert [row["seq"] for row in rows] == list(range(1, BATCHES * SIZE + 1))
        counted = "select sum(n)::int from hourly_counts where home = $1"
        assert await connection.fetchval(counted, device.home) == BATCHES * SIZE
