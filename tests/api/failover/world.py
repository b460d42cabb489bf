"""Two replicas on a database of their own, and all who work with them."""

import asyncio
import base64
import itertools
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import msgspec
from argon2 import PasswordHasher

from api.app import create_app
from api.channels.registry import CHANNELS
from api.identity.passwords import Passwords
from api.outbox.service import Outbox, Wanted
from api.services import Services
from api.settings import Settings
from api.store.database import UNUSABLE
from api.store.migrate import migrate
from api.store.sealed import Seal
from tests.api.channels.receiver import Got, Receiver, answer, receiver
from tests.api.failover.actors import Actor, Console, Hub, Operator, Replicas
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, add_device, add_user
from tests.crash.cluster import Cluster
from tests.support.deadening import LinkProcess, deadening_apart
from tests.support.disk import Disk, small_disk

KEY = bytes(range(32))
PATIENCE_S = 90.0
HUBS, OPERATORS, CONSOLES = 6, 4, 4
LEASE_S = 3.0
_QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=1024))
# So that much is due by the clock while the test lasts.
_DUTIES = "update duty set within_s = level * 1.5 where priority = 'urgent'"
_SMALL = "alter system set max_wal_size = '48MB'; alter system set min_wal_size = '32MB'"


@dataclass
class World:
    """Everything, at work."""

    database: Cluster
    link: LinkProcess
    disk: Disk | None
    url: str
    replicas: list[CentreProcess]
    desk: Receiver
    hubs: list[Hub] = field(default_factory=list)
    operators: list[Operator] = field(default_factory=list)
    consoles: list[Console] = field(default_factory=list)
    told_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    excused: set[str] = field(default_factory=set)
    """Messages that a killed replica may have delivered and not have said so."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    work: list[asyncio.Task[None]] = field(default_factory=list)
    pages: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def actors(self) -> list[Actor]:
        return [*self.hubs, *self.operators, *self.consoles]

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        """A look into the database from beside, once it answers."""
        deadline = monotonic() + PATIENCE_S
        while True:
            try:
                connection = await asyncpg.connect(self.url)
                try:
                    return list(await connection.fetch(query, *arguments))
                finally:
                    connection.terminate()
            except UNUSABLE:
                assert monotonic() < deadline, "the database did not come back"
                await asyncio.sleep(0.05)

    def hear(self, got: Got) -> bytes:
        """The receiver's answer; keeps when the newest event that it was told of happened."""
        at = datetime.fromisoformat(json.loads(got.body)["at"])
        self.told_at = max(self.told_at, at)
        return answer(200)

    async def until(self, holds: Callable[[], bool], what: str) -> float:
        """Waits until something holds; the seconds it took."""
        began = monotonic()
        while not holds():
            for task in (*self.work, *self.pages):
                if task.done():
                    task.result()
            faults = [fault for one in self.actors for fault in one.faults]
            assert not faults, faults
            assert monotonic() - began < PATIENCE_S, f"still not: {what}\n{self.said()}"
            await asyncio.sleep(0.02)
        return monotonic() - began

    async def rest(self) -> None:
        """Hubs and operators end what they have in hand; pages stay open."""
        self.ended.set()
        await asyncio.gather(*self.work)

    def said(self) -> str:
        """The last words of the replicas."""
        return "\n".join(one.said()[-3000:] for one in self.replicas)


@asynccontextmanager
async def world(folder: Path, seed: int) -> AsyncIterator[World]:
    """Everything, at work until the block ends; then each ends what it has in hand."""
    async with AsyncExitStack() as stack:
        disk, cluster = stack.enter_context(_cluster())
        url = cluster.create_database("centre")
        desk = await stack.enter_async_context(receiver())
        # The replicas have their database at the end of a line, as on a machine of its own.
        link = stack.enter_context(deadening_apart(_socket(url)))
        replicas = _replicas(folder, link.url.replace("/postgres?", "/centre?"))
        one = World(cluster, link, disk, url, replicas, desk)
        desk.reply = one.hear
        services = await _furnish(url, desk.url)
        for replica in replicas:
            stack.callback(replica.stop)
        await asyncio.gather(*(asyncio.to_thread(replica.start) for replica in replicas))
        client = await stack.enter_async_context(
            httpx.AsyncClient(timeout=15, limits=httpx.Limits(max_connections=None))
        )
        await _people(one, services, client, random.Random(seed))  # noqa: S311 - nothing secret
        await services.database.close()
        one.work = [asyncio.create_task(who.run()) for who in (*one.hubs, *one.operators)]
        one.pages = [asyncio.create_task(who.run()) for who in one.consoles]
        try:
            yield one
        finally:
            for task in (*one.work, *one.pages):
                task.cancel()
            await asyncio.gather(*one.work, *one.pages, return_exceptions=True)


@contextmanager
def _cluster() -> Iterator[tuple[Disk | None, Cluster]]:
    # Not in a private folder, as root starts the server as another user.
    with (
        TemporaryDirectory(prefix="telecare-failover-") as place,
        small_disk(Path(place) / "disk", "200m") as disk,
    ):
        os.chmod(place, 0o755)  # noqa: PTH101, S103 - the server's user must pass
        cluster = Cluster(Path(place) / "disk" / "data")
        cluster.run(_SMALL)
        try:
            yield disk, cluster
        finally:
            cluster.close()


def _socket(url: str) -> str:
    """Where the server listens on this machine."""
    return f"{parse_qs(urlsplit(url).query)['host'][0]}/.s.PGSQL.5432"


def _replicas(folder: Path, url: str) -> list[CentreProcess]:
    key = folder / "key"
    key.write_text(base64.b64encode(KEY).decode())
    made = []
    for name in ("one", "two"):
        (folder / name).mkdir()
        made.append(
            CentreProcess(
                folder / name, url, TELECARE_SECRET_KEY_FILE=str(key),
                TELECARE_LEASE_MINUTES=str(LEASE_S / 60),
                TELECARE_REQUESTS_PER_MINUTE="1000000",
            )
        )  # fmt: skip
    return made


async def _furnish(url: str, desk: str) -> Services:
    connection = await asyncpg.connect(url)
    await migrate(connection)
    await connection.execute(_DUTIES)
    await connection.close()
    services: Services = create_app(Settings(database_url=url), passwords=_QUICK).state.services
    await services.timekeeper.look()
    secret = "whsec_" + base64.b64encode(KEY).decode()
    wanted = {"name": "desk", "channel": "webhook", "actions": [], "settings": {
        "url": desk, "secret": secret, "allow_private": True}}  # fmt: skip
    await Outbox(services.database, services.clock, CHANNELS, Seal(KEY)).set(
        1, msgspec.convert(wanted, Wanted)
    )
    return services


async def _people(
    one: World,
    services: Services,
    client: httpx.AsyncClient,
    dice: random.Random,
) -> None:
    urls = [replica.url for replica in one.replicas]

    def shared(turn: int) -> tuple[Replicas, httpx.AsyncClient, asyncio.Event]:
        return Replicas(urls, itertools.count(turn)), client, one.ended

    for number in range(HUBS):
        device = await add_device(services)
        one.hubs.append(Hub(*shared(number), device=device))
    for number in range(OPERATORS):
        name = f"user{number}"
        await add_user(services, name)
        signed = await services.staff.sign_in(name, PASSWORD, "192.0.2.1")
        headers = {"Cookie": f"telecare={signed.token}", "X-CSRF-Token": signed.session.csrf}
        seeded = random.Random(dice.random())  # noqa: S311 - nothing secret
        one.operators.append(Operator(*shared(number), name=name, headers=headers, dice=seeded))
        one.consoles.append(Console(*shared(number), headers=headers))
