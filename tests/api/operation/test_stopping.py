"""A replica that is told to stop sends everybody elsewhere before it goes, and drops no claim."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.services import Services
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, add_alert, add_device, add_user

pytestmark = pytest.mark.network


async def test_while_it_drains_it_is_not_ready_and_serves_and_its_claims_are_kept(
    services: Services, migrated_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    alert = await add_alert(services, await add_device(services))
    await add_user(services)
    centre = CentreProcess(tmp_path, migrated_url, TELECARE_DRAIN_SECONDS="1.5")
    with centre:
        async with httpx.AsyncClient(base_url=centre.url, timeout=30) as client:
            signed = await client.post(
                "/v1/session", json={"username": "ann", "password": PASSWORD}
            )
            headers = {"X-CSRF-Token": signed.json()["csrf"]}
            assert (await client.post(f"/v1/alerts/{alert}/claim", headers=headers)).is_success
            async with client.stream("GET", "/v1/live") as page:
                os.kill(centre._program.pid, signal.SIGTERM)
                async with asyncio.timeout(1):
                    async for _ in page.aiter_lines():
                        pass  # it ends by itself
            not_ready = await client.get("/readyz")
            assert not_ready.status_code == 503
            assert "stopping" in not_ready.json()["detail"]
            assert (await client.get("/healthz")).status_code == 200
            # Who has not yet been sent elsewhere is served.
            assert (await client.get(f"/v1/alerts/{alert}")).status_code == 200
        assert await asyncio.to_thread(centre._program.wait, 15) == 0
    held = await connection.fetchrow("select state, lease_until > now() as holds from alert")
    assert tuple(held) == ("claimed", True)
