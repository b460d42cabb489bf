"""How soon a press of a help button is seen on a console, and what many consoles cost the centre.

Broker, hub, centre, database and Chromium are the real programs on one machine. One console is a
page in Chromium, which says itself when the alert stands on it. The others are programs that do
what the page does: they hold the stream of news open, and fetch the queue anew at each word of it.
"""

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import msgspec
import psutil

from api.app import create_services
from api.clock import utc_now
from api.services import Services
from api.settings import Settings
from contract import SEVERITY, Alert, Batch, Condition, Record, RecordKind, encode
from tests.api.console.browser import Desk, chromium, desk
from tests.benchmarks.hub import Fitted, settings
from tests.benchmarks.table import Row, said
from tests.support.broker import Mosquitto
from tests.support.database import Postgres
from tests.support.ports import free_port
from tests.support.program import Program, run, wait_until

CONSOLES, OPEN, PRESSES = 20, 200, 60
MANY_OPEN, LOADS = 2000, 30
MANY_CONSOLES = 200
EACH = 5
"""Alerts of one home; only so many conditions."""
EVERY_S = 1.0
PATIENCE_S = 20.0
DEBOUNCE_S = 0.06
"""As the page waits for more news before it fetches."""
REOPEN_S = 3.0
"""As the page waits before it opens the stream anew that was refused."""
KEPT_S = 2.0
KINDS = (
    Condition.POSSIBLE_FALL, Condition.UTI_RISK, Condition.SENSOR_SILENT,
    Condition.NO_MOVEMENT, Condition.BATTERY_LOW,
)  # fmt: skip
PASSWORD = secrets.token_urlsafe(16)
_SHOWN = """(least) => new Promise((done) => {
  const look = () => document.querySelectorAll("#lane-urgent .card").length >= least
    ? done(Date.now() / 1000) : requestAnimationFrame(look);
  look();
})"""


def rows(broker: Mosquitto, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    folder.mkdir()
    with (
        TemporaryDirectory(prefix="telecare-postgres-") as name,
        Postgres(Path(name) / "data") as postgres,
        Fitted(folder / "hub", broker, 5) as hub,
    ):
        served = Served(postgres.create_database(), folder)
        try:
            served.join(hub, broker)
            yield from asyncio.run(_measured(served, hub))
        finally:
            served.program.stop()


class Served:
    """The centre as it is served, and its hub."""

    def __init__(self, database_url: str, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.settings = Settings(database_url=database_url, port=port)
        self.environment = {"DATABASE_URL": database_url, "TELECARE_PORT": f"{port}"}
        self.program = Program(["telecare-api", "serve"], folder / "centre.log", self.environment)
        self.folder = folder
        self.program.start()
        wait_until(lambda: "the centre is at" in self.program.said(), 60, "the centre listens")

    def join(self, hub: Fitted, broker: Mosquitto) -> None:
        """Has a hub claim its place, and starts it."""
        added = run("telecare-api", "add-hub", "--home", "bench", environment=self.environment)
        name = re.findall(r"hub-\w+", added.stderr)[0]
        path = self.folder / "hub" / "hub.toml"
        sensors = [("pendant", "button", "pendant"), *hub.sensors]
        said_of = settings(broker, hub.journal.parent, sensors, name)
        path.write_text(f'{said_of}\n[centre]\nurl = "{self.url}"\n')
        run("telecare-gateway", "claim", added.stdout.strip(), "--settings", path)
        hub.start()

    @property
    def resident(self) -> int:
        """Bytes of memory that it holds."""
        return int(psutil.Process(self.program.pid).memory_info().rss)

    @asynccontextmanager
    async def services(self) -> AsyncIterator[Services]:
        """The centre's services beside the served one."""
        made = create_services(self.settings, utc_now)
        try:
            yield made
        finally:
            await made.database.close()


class Console:
    """Does what the queue's page does: holds the stream open, fetches anew at each word of it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._news = asyncio.Event()
        self.fetched = 0
        self.busy = 0

    async def run(self) -> None:
        """Until it is called off."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._fetch())

    async def _listen(self) -> None:
        while not await self._heard():
            self.busy += 1
            await asyncio.sleep(REOPEN_S)

    async def _heard(self) -> bool:
        """Listens until it is called off; false where it was told to wait."""
        async with self._client.stream("GET", "/v1/live", timeout=None) as answer:
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                return False
            assert answer.status_code == httpx.codes.OK, answer.status_code
            async for line in answer.aiter_lines():
                if line in {"event: alert", "event: resync"}:
                    self._news.set()
        return True

    async def _fetch(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(DEBOUNCE_S)
            self._news.clear()
            answer = await self._client.get("/queue", headers={"hx-request": "true"})
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                self.busy += 1
                await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
                self._news.set()
                continue
            assert answer.status_code == httpx.codes.OK, answer.status_code
            self.fetched += 1


async def _measured(served: Served, hub: Fitted) -> list[Row]:
    async with served.services() as services:
        await services.staff.add("dana", PASSWORD, name="First Operator")
        await _open_alerts(services, OPEN, "home")
        # A connection that has been idle for as long as the centre keeps one might just be closing.
        limits = httpx.Limits(max_connections=None, keepalive_expiry=KEPT_S)
        client = httpx.AsyncClient(base_url=served.url, timeout=30, limits=limits)
        async with client:
            await client.post("/v1/session", json={"username": "dana", "password": PASSWORD})
            alone = served.resident
            found = [await _pressed(served, hub, client)]
            await _open_alerts(services, MANY_OPEN - OPEN, "more")
            found.append(await _loaded(client))
            return [*found, *await _crowd(served, client, alone)]


async def _open_alerts(services: Services, count: int, prefix: str) -> None:
    """So many alerts, `EACH` of a home."""
    now = utc_now()
    for home_number in range(count // EACH):
        home = f"{prefix}-{home_number}"
        invitation = await services.claims.add_hub(home, organisation=1)
        alerts = [
            Alert(
                id=f"{home}:{n}", home=home, condition=kind, severity=SEVERITY[kind],
                raised_at=now - timedelta(minutes=n), updated_at=now - timedelta(minutes=n),
                score=0.9, text="Nothing has moved for longer than is usual here.",
                prompt="Call, and ask whether all is well.",
            )
            for n, kind in enumerate(KINDS[:EACH])
        ]  # fmt: skip
        records = [
            Record(seq=n, kind=RecordKind.ALERT, body=msgspec.Raw(encode(alert)))
            for n, alert in enumerate(alerts, start=1)
        ]
        await services.ingest.store(Batch(hub=invitation.hub, epoch="e1", records=records), home)


async def _pressed(served: Served, hub: Fitted, client: httpx.AsyncClient) -> Row:
    async with AsyncExitStack() as stack:
        consoles = [Console(client) for _ in range(CONSOLES - 1)]
        await _opened(stack, consoles)
        browser = await stack.enter_async_context(chromium())
        dana: Desk = await stack.enter_async_context(desk(browser, served.url))
        await _sign_in(dana)
        await dana.live()
        found = []
        before = await dana.page.locator("#lane-urgent .card").count()
        for number in range(1, PRESSES + 1):
            shown = asyncio.create_task(dana.page.evaluate(_SHOWN, before + number))
            await asyncio.sleep(EVERY_S)
            pressed = time.time()
            hub.publish("pendant", "button", 1.0)
            found.append(await asyncio.wait_for(shown, PATIENCE_S) - pressed)
            hub.publish("pendant", "button", 0.0)
    return Row(
        f"press of the help button to its card, {CONSOLES} consoles, {OPEN} alerts",
        said(found[1:]),
        "p99 < 700 ms",
    )


async def _sign_in(seat: Desk) -> None:
    await seat.go("/sign-in?next=/queue")
    await seat.page.fill("#username", "dana")
    await seat.page.fill("#password", PASSWORD)
    await seat.page.click("#sign-in")
    await seat.page.wait_for_url("**/queue")


async def _opened(stack: AsyncExitStack, consoles: list[Console]) -> None:
    tasks = [asyncio.create_task(one.run()) for one in consoles]

    async def close() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    stack.push_async_callback(close)
    async with asyncio.timeout(4 * PATIENCE_S):
        while not all(one.fetched for one in consoles):
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.1)


async def _loaded(client: httpx.AsyncClient) -> Row:
    found = []
    for _ in range(LOADS):
        began = time.perf_counter()
        (await client.get("/queue")).raise_for_status()
        found.append(time.perf_counter() - began)
    return Row(f"the queue's page with {MANY_OPEN:,} open alerts", said(found), "p50 < 100 ms")


async def _crowd(served: Served, client: httpx.AsyncClient, alone: int) -> list[Row]:
    """What becomes of many consoles that come at once, as after the centre was away."""
    consoles = [Console(client) for _ in range(MANY_CONSOLES)]
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        await _opened(stack, consoles)
        took, held = time.perf_counter() - began, served.resident
    what = f"{MANY_CONSOLES} consoles that come at once, {MANY_OPEN:,} alerts"
    busy = sum(one.busy for one in consoles)
    return [
        Row(f"{what}: each has its queue after", f"{took:.1f} s, told to wait {busy} times"),
        Row(
            f"{what}: the centre's memory",
            f"{held / 2**20:.0f} MiB",
            f"{alone / 2**20:.0f} MiB before anybody came",
        ),
    ]
