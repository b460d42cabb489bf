"""Prometheus is answered on this machine alone, and nothing that is sent there harms the hub."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.metrics import server as server_module
from gateway.metrics.server import serve
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.ports import free_port
from tests.support.program import wait_until

pytestmark = pytest.mark.network


class Page:
    """What is served."""

    def __init__(self) -> None:
        self.port = free_port()
        self.broken = False

    def __call__(self) -> str:
        if self.broken:
            raise sqlite3.OperationalError("disk I/O error")
        return "telecare_load1 0.5\n"

    async def ask(self, method: str, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.request(method, f"http://127.0.0.1:{self.port}{path}")

    async def say(self, said: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    one = Page()
    serving = asyncio.create_task(serve(one.port, one))
    await asyncio.sleep(0.05)
    yield one
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_it_answers_what_it_should(page: Page) -> None:
    answer = await page.ask("GET", "/metrics")
    assert (answer.status_code, answer.text) == (200, "telecare_load1 0.5\n")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert (await page.ask("HEAD", "/metrics")).text == ""
    assert (await page.ask("GET", "/metrics?x=1")).status_code == 200


async def test_anything_else_is_refused(page: Page) -> None:
    assert (await page.ask("GET", "/")).status_code == 404
    assert (await page.ask("POST", "/metrics")).status_code == 405
    assert b"405" in await page.say(b"\r\n\r\n")
    assert await page.say(b"\0" * 100_000) == b""
    assert (await page.ask("GET", "/metrics")).status_code == 200


async def test_who_says_nothing_is_hung_up_on(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PATIENCE_S", 0.05)
    assert await page.say(b"GET") == b""


async def test_figures_that_cannot_be_had_cost_one_answer(page: Page) -> None:
    page.broken = True
    assert (await page.ask("GET", "/metrics")).status_code == 503
    page.broken = False
    assert (await page.ask("GET", "/metrics")).status_code == 200


async def test_a_port_that_is_taken_does_not_end_the_hub(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        serving = asyncio.create_task(serve(taken.getsockname()[1], str))
        await asyncio.sleep(0.05)
        assert not serving.done()
        assert "no metrics on 127.0.0.1" in caplog.text
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_a_running_hub_tells_its_broker_its_sensors_and_its_jobs(
    tmp_path: Path, broker: Mosquitto
) -> None:
    household = Household(tmp_path / "hub", port=broker.port, clock="wall")
    port = free_port()
    household.path.write_text(household.path.read_text() + f"[metrics]\nport = {port}\n")
    household.program.start()
    try:
        said = household.program.said
        await asyncio.to_thread(wait_until, lambda: "connected" in said(), 30, "connected")
        async with httpx.AsyncClient(trust_env=False) as client:
            text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    finally:
        household.program.stop()
    assert "telecare_broker_connected 1" in text
    assert 'telecare_job_stuck{job="listening"} 0' in text
    assert 'telecare_job_stuck{job="detecting"} 0' in text
    assert 'telecare_hub_info{hub="hub-1",home="h1"' in text
    assert "telecare_sensor_last_seen_seconds" not in text
