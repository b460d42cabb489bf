"""A real centre for the console's tests: uvicorn and PostgreSQL, with staff, hubs and a clock."""

import asyncio
import secrets
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from signal import SIGTERM
from typing import Any

import asyncpg
import httpx
import jwt
import msgspec
import uvicorn
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.alerts.lifecycle import Outcome
from api.app import create_app, create_services
from api.clock import Clock, utc_now
from api.identity.passwords import Passwords
from api.live.fanout import Fanout
from api.outbox.service import Wanted
from api.serve import Server, bind
from api.services import Services
from api.settings import Settings
from api.store.migrate import migrate
from api.store.reach import CENTRE
from contract import (
    Alert,
    Applied,
    Batch,
    CommandResult,
    ConfigurationReport,
    Downlink,
    HubHealth,
    Message,
    Receipt,
    Record,
    RecordKind,
    SensorEvent,
    SensorHealth,
    WalkStep,
    decode,
    encode,
)
from contract.downlink import DryRunAnswer
from tests.support.ports import free_port

PASSWORD = secrets.token_urlsafe(16)
_BATCH = 900


_KINDS: dict[type[Message], RecordKind] = {
    SensorEvent: RecordKind.EVENT,
    Alert: RecordKind.ALERT,
    HubHealth: RecordKind.HEALTH,
    CommandResult: RecordKind.COMMAND_RESULT,
    ConfigurationReport: RecordKind.CONFIGURATION,
    WalkStep: RecordKind.WALK_STEP,
}


class Hub:
    """A hub that has claimed its place and sends what it is given, in order."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        name: str,
        home: str,
        key: Ed25519PrivateKey,
        clock: Clock = utc_now,
    ) -> None:
        self._client = client
        self._clock = clock
        self._home = home
        self.name = name
        self._key = key
        self._seq = 0

    async def send(self, messages: Iterable[Message]) -> Receipt | None:
        """Posts events and alerts to the batch endpoint; the last receipt."""
        records = [self._record(message) for message in messages]
        receipt = None
        for start in range(0, len(records), _BATCH):
            batch = Batch(hub=self.name, epoch="e1", records=records[start : start + _BATCH])
            answer = await self._client.post(
                f"/v1/hubs/{self.name}/batches",
                content=encode(batch),
                headers={"Authorization": f"Bearer {self._token()}"},
            )
            assert answer.status_code == httpx.codes.OK, answer.text
            receipt = decode(answer.content, Receipt)
        return receipt

    async def beat(self, **told: Any) -> None:
        """Says how it fares."""
        at = self._clock().isoformat()
        about = {"hub": self.name, "home": self._home, "at": at}
        await self.send([msgspec.convert({**about, **told}, HubHealth)])

    async def answer(self, state: str, text: str, found: DryRunAnswer | None = None) -> None:
        """Takes the newest command, and says what became of it."""
        told = await self._told()
        said = CommandResult(
            hub=self.name, home=self._home, at=told.at, command=told.commands[-1].id,
            state=state, text=text, answer=found,
        )  # fmt: skip
        await self.send([said])

    async def fares(self, *sensors: SensorHealth) -> None:
        """Tells of its sensors, as in a heartbeat."""
        at = self._clock()
        await self.send([HubHealth(hub=self.name, home=self._home, at=at, sensors=[*sensors])])

    async def applies(self) -> None:
        """Runs with the newest configuration that it is told of, and says so."""
        told = await self._told()
        if (put := told.configuration) is None:
            return
        said = ConfigurationReport(
            hub=self.name, home=self._home, at=told.at, version=put.version, digest=put.digest,
            state=Applied.APPLIED,
        )  # fmt: skip
        await self.send([said])

    async def hears(self, sensor: str, kind: str, place: str) -> None:
        """Somebody walks past a sensor, in the walk test that it was told last."""
        told = await self._told()
        event = SensorEvent(
            home=self._home, sensor=sensor, kind=kind, place=place, at=told.at, value=1.0,
            quality="walk_test",
        )  # fmt: skip
        walk = told.commands[-1].id
        await self.send([WalkStep(hub=self.name, home=self._home, command=walk, event=event)])

    async def _told(self) -> Downlink:
        where = f"/v1/hubs/{self.name}/downlink"
        headers = {"Authorization": f"Bearer {self._token()}"}
        return decode((await self._client.get(where, headers=headers)).content, Downlink)

    def _record(self, message: Message) -> Record:
        kind = _KINDS[type(message)]
        self._seq += 1
        return Record(seq=self._seq, kind=kind, body=msgspec.Raw(encode(message)))

    def _token(self) -> str:
        now = self._clock()
        claims = {
            "iss": self.name,
            "aud": "telecare-centre",
            "iat": now,
            "exp": now + timedelta(minutes=4),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")


class Centre:
    """The centre on a port of its own, which it keeps when it is stopped and started again.

    `clock` is what time it is; the database's clock, as in any centre, if left out.
    """

    def __init__(self, database_url: str, clock: Clock | None = None, **settings: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._clock = clock
        self._settings = Settings(database_url=database_url, port=self.port, **settings)
        self._passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self._client = httpx.AsyncClient(base_url=self.url, timeout=30)
        self._server: Server | None = None
        self._live: Fanout | None = None
        self._task: asyncio.Task[None] | None = None

    async def change(self, **settings: str) -> None:
        """Serves again, with other settings."""
        await self.stop()
        self._settings = msgspec.structs.replace(self._settings, **settings)
        await self.start()

    @property
    def database_url(self) -> str:
        """Where its database is."""
        return self._settings.database_url

    @property
    def now(self) -> datetime:
        """What time it is."""
        return (self._clock or utc_now)()

    async def migrate(self) -> None:
        """Brings the database up to date."""
        connection = await asyncpg.connect(self._settings.database_url)
        try:
            await migrate(connection)
        finally:
            await connection.close()

    @asynccontextmanager
    async def before_it_opens(self) -> AsyncIterator[Services]:
        """Hears hubs without serving anybody, so that nothing is done by the clock unasked."""
        app = create_app(self._settings, clock=self._clock, passwords=self._passwords)
        served, services = self._client, app.state.services
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=self.url) as self._client:
            yield services
        self._client = served
        await services.worker.close()
        await services.database.close()

    async def start(self) -> None:
        """Serves, on an up-to-date database."""
        await self.migrate()
        app = create_app(self._settings, clock=self._clock, passwords=self._passwords)
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
        services: Services = app.state.services
        self._live = services.live
        self._server = Server(config, services.live)
        bound = bind("127.0.0.1", self.port)
        self._task = asyncio.create_task(self._server.serve(sockets=[bound]))
        while not self._server.started:
            assert not self._task.done(), self._task.exception()
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Goes away: connections end, the port refuses."""
        if self._server is None or self._task is None:
            return
        self._server.handle_exit(SIGTERM, None)
        await self._task
        self._server = self._task = None

    async def close(self) -> None:
        """Stops for good."""
        await self._client.aclose()
        await self.stop()

    async def add_staff(self, **names: str) -> None:
        """Adds operators by user name and the name others see; all have `PASSWORD`."""
        async with self._services() as services:
            for username, name in names.items():
                await services.staff.add(username, PASSWORD, name=name)

    async def nudge_browsers(self) -> None:
        """Has staff told in their browsers of what begins, also by a push service on loopback."""
        settings = {"contact": "mailto:duty@centre.example", "allow_private": True}
        wanted = Wanted(
            name="browsers", channel="webpush", actions=["raise"], settings=settings,
        )  # fmt: skip
        async with self._services() as services:
            await services.outbox.set(1, wanted)

    async def add_staff_as(self, role: str, **names: str) -> None:
        """The same with another role."""
        async with self._services() as services:
            for username, name in names.items():
                await services.staff.add(username, PASSWORD, name=name, role=role)

    async def resolve_cleared(self, username: str, outcome: Outcome) -> None:
        """Has a member of staff claim and resolve every alert that is over."""
        async with self._services() as services:
            by = (await services.staff.sign_in(username, PASSWORD, "127.0.0.1")).session.user
            queue = await services.alerts.queue(CENTRE)
            for alert in (*queue.urgent, *queue.advisory, *queue.technical):
                if alert.cleared_at:
                    await services.alerts.claim(alert.id, by)
                    await services.alerts.resolve(alert.id, by, outcome)

    async def fall_silent(self, minutes: float) -> None:
        """Lets so long have passed in which no hub was heard, and looks."""
        ago = timedelta(minutes=minutes)
        connection = await asyncpg.connect(self._settings.database_url)
        try:
            await connection.execute(
                "update hub set last_seen_at = last_seen_at - $1::interval, "
                "claimed_at = claimed_at - $1::interval",
                ago,
            )
            await connection.execute("update watch set since = now() - 2 * $1::interval", ago)
        finally:
            await connection.close()
        await self.look_for_silence()

    async def look_for_silence(self) -> None:
        """Looks now for hubs that are not heard, or are heard again, however lately it did."""
        connection = await asyncpg.connect(self._settings.database_url)
        try:
            await connection.execute("update watch set beat_at = now() - interval '20 s'")
        finally:
            await connection.close()
        async with self._services() as services:
            await services.watch.look()

    @asynccontextmanager
    async def _services(self) -> AsyncIterator[Services]:
        """The centre's services beside the running one, as its commands have them."""
        services = create_services(self._settings, self._clock or utc_now, self._passwords)
        try:
            yield services
        finally:
            await services.database.close()

    @property
    def live(self) -> Fanout:
        """Where this centre's event streams hang."""
        assert self._live is not None
        return self._live

    async def act(self, username: str, action: str, alert: int) -> None:
        """Has a member of staff claim or release an alert, as if at another desk."""
        async with self._services() as services:
            by = (await services.staff.sign_in(username, PASSWORD, "127.0.0.1")).session.user
            await {"claim": services.alerts.claim, "release": services.alerts.release}[action](
                alert, by
            )

    async def hub(self, home: str, label: str = "", zone: str = "Europe/London") -> Hub:
        """A hub that has joined over HTTP, as a real one does."""
        async with self._services() as services:
            invitation = await services.claims.add_hub(
                home, organisation=1, label=label, time_zone=zone
            )
        key = Ed25519PrivateKey.generate()
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        public = urlsafe_b64encode(raw).rstrip(b"=").decode()
        answer = await self._client.post(
            "/v1/claims", json={"code": invitation.code, "public_key": public}
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return Hub(self._client, invitation.hub, home, key, self._clock or utc_now)
