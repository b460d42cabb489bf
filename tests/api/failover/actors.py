"""Who works with the centre while it is struck: hubs, operators and open consoles.

Each goes on whatever it meets, as the real one does: it tries the next replica, keeps what it was
told of as done, and remembers when it was last served.
"""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any

import httpx

from api.clock import utc_now
from contract import Receipt, decode
from tests.api.support import Device

PAUSE_S = 0.1
BATCH_S = 2.0
SIZE = 5


@dataclass
class Replicas:
    """The replicas as a load balancer offers them: the next one where one does not answer."""

    urls: list[str]
    _turn: "count[int]" = field(default_factory=count)

    def next(self) -> str:
        return self.urls[next(self._turn) % len(self.urls)]


@dataclass
class Actor(ABC):
    """Attributes: served: When the newest request that was answered had been sent."""

    at: Replicas
    client: httpx.AsyncClient
    ended: asyncio.Event
    served: float = 0.0
    faults: list[str] = field(default_factory=list)

    @abstractmethod
    async def run(self) -> None:
        """Works until the end."""

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """An answer, or None where the replica or its database is away."""
        sent = monotonic()
        try:
            answer = await self.client.request(method, self.at.next() + path, **more)
        except httpx.HTTPError:
            return None
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            return None
        if answer.status_code >= 500:
            self.faults.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            return None
        self.served = sent
        return answer


@dataclass
class Hub(Actor):
    """Sends batches with an urgent alert in each, every one until there is a receipt."""

    device: Device = field(kw_only=True)
    sent: int = 0
    alerts: list[str] = field(default_factory=list)

    async def run(self) -> None:
        while not self.ended.is_set():
            await self._deliver()
            await asyncio.sleep(BATCH_S * random.uniform(0.5, 1.5))  # noqa: S311 - as hubs come

    async def _deliver(self) -> None:
        first = self.sent + 1
        last = first + SIZE - 1
        ref = f"{self.device.home}:help_button:{last}"
        raised = utc_now().isoformat()
        records = [self.device.event(seq) for seq in range(first, last)]
        records.append(
            self.device.alert(
                last, id=ref, condition="help_button", severity="urgent", raised_at=raised,
                updated_at=raised,
            )
        )  # fmt: skip
        body = self.device.batch_json(records)
        while True:
            headers = {"Authorization": f"Bearer {self.device.token(utc_now())}"}
            path = f"/v1/hubs/{self.device.hub}/batches"
            answer = await self.ask("POST", path, content=body, headers=headers)
            if answer is not None and answer.status_code == 200:
                break
            await asyncio.sleep(PAUSE_S)
        if decode(answer.content, Receipt).contiguous != last:
            self.faults.append(f"{self.device.hub}: a gap below {last}")
        self.sent = last
        self.alerts.append(ref)


@dataclass
class Operator(Actor):
    """Claims what waits, notes, and resolves most of it; some is left for the clock.

    Attributes:
        claimed: Alerts of which the centre said that they are this operator's.
        noted: Notes that the centre said it has.
        resolved: Alerts of which it said that they are resolved.
    """

    name: str = field(kw_only=True)
    headers: dict[str, str] = field(kw_only=True)
    dice: random.Random = field(kw_only=True)
    claimed: list[int] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    resolved: list[int] = field(default_factory=list)

    async def run(self) -> None:
        while not self.ended.is_set():
            await self._handle()
            await asyncio.sleep(PAUSE_S)

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response | None:
        return await self.ask("POST", f"/v1/alerts/{path}", json=body, headers=self.headers)

    async def _handle(self) -> None:
        queue = await self.ask("GET", "/v1/alerts?limit=50", headers=self.headers)
        waiting = [
            one["id"]
            for one in (queue.json()["urgent"] if queue else [])
            if one["state"] in {"raised", "escalated"}
        ]
        if not waiting:
            return
        alert = self.dice.choice(waiting)
        mine = await self._post(f"{alert}/claim", {})
        if mine is None or mine.status_code != 200:
            return
        self.claimed.append(alert)
        text = f"{self.name} {len(self.claimed)}"
        noted = await self._post(f"{alert}/note", {"text": text, "version": mine.json()["version"]})
        if noted is None or noted.status_code != 200:
            return
        self.noted.append(text)
        if self.dice.random() < 0.3:  # gone from the desk
            return
        end = {"outcome": "test", "version": noted.json()["version"], "seen": 1}
        done = await self._post(f"{alert}/resolve", end)
        if done is not None and done.status_code == 200:
            self.resolved.append(alert)


@dataclass
class Console(Actor):
    """An open page: shows the queue, and keeps it true by the event stream.

    Attributes:
        shown: Version of each open alert.
        confirmed: When it last knew that what it shows is so.
        reconnected: How often the stream broke.
    """

    headers: dict[str, str] = field(kw_only=True)
    shown: dict[int, int] = field(default_factory=dict)
    confirmed: float = 0.0
    reconnected: int = 0

    async def run(self) -> None:
        while not self.ended.is_set():
            with suppress(httpx.HTTPError):
                await self._listen()
            self.reconnected += 1
            await asyncio.sleep(PAUSE_S)

    async def _listen(self) -> None:
        url = f"{self.at.next()}/v1/live"
        async with self.client.stream("GET", url, headers=self.headers, timeout=15) as answer:
            if answer.status_code != 200:
                return
            async with _told(answer) as told:
                async for name, data in told:
                    if not await self._hear(name, data):
                        return

    async def _hear(self, name: str, data: str) -> bool:
        """Keeps up with one event; whether the page could be brought up to date."""
        if name == "resync":
            return await self._fetch_all()
        if name == "alert":
            known: dict[str, int] = httpx.Response(200, text=data).json()
            self.confirmed = monotonic()
            return await self._fetch(known["alert"])
        if name == "beat":
            self.confirmed = monotonic()
        return True

    async def _fetch_all(self) -> bool:
        began = monotonic()
        answer = await self.ask("GET", "/v1/alerts?limit=1000", headers=self.headers)
        if answer is None:
            return False
        lanes: Iterable[Any] = (answer.json()[name] for name in ("urgent", "advisory", "technical"))
        self.shown = {one["id"]: one["version"] for lane in lanes for one in lane}
        self.confirmed = began
        return True

    async def _fetch(self, alert: int) -> bool:
        answer = await self.ask("GET", f"/v1/alerts/{alert}", headers=self.headers)
        if answer is None:
            return False
        now = answer.json()["alert"]
        if now["state"] in {"resolved", "withdrawn", "shelved"}:
            self.shown.pop(alert, None)
        else:
            self.shown[alert] = now["version"]
        return True


@asynccontextmanager
async def _told(answer: httpx.Response) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
    async def read() -> AsyncGenerator[tuple[str, str], None]:
        name = ""
        async for line in answer.aiter_lines():
            label, _, value = line.partition(": ")
            if label == "event":
                name = value
            elif label == "data":
                yield name, value

    async with aclosing(read()) as reading:
        yield reading
