"""Listens on the database's channel while the service runs, and comes back after a loss."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import asyncpg
import msgspec

from api.live.fanout import (
    AlertChanged,
    Change,
    DownlinkChanged,
    Fanout,
    HubChanged,
    StaffChanged,
)
from api.store.database import CONNECT_SECONDS, UNUSABLE

log = logging.getLogger(__name__)

CHANNEL = "telecare"
CHECK_SECONDS = 5.0
"""How often the link is tried while nothing is said: a dead one looks just as quiet."""
RETRY_SECONDS = 1.0

_alert = msgspec.json.Decoder(AlertChanged)
_hub = msgspec.json.Decoder(HubChanged)
_downlink = msgspec.json.Decoder(DownlinkChanged)
_staff = msgspec.json.Decoder(StaffChanged)


def read(payload: str) -> Change | DownlinkChanged | StaffChanged | None:
    """What a notification says; None for one that this version does not know."""
    for decoder in (_alert, _hub, _downlink, _staff):
        try:
            return decoder.decode(payload)
        except msgspec.MsgspecError:
            continue
    return None


class Listener:
    """One connection of its own, outside the pool, that only listens."""

    def __init__(
        self,
        url: str,
        fanout: Fanout,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._fanout = fanout
        self._sleep = sleep
        self._trouble = ""

    async def run(self) -> None:
        """Listens until cancelled."""
        while True:
            try:
                await self._listen()
            except UNUSABLE as error:
                self._tell(f"the database is away ({error})")
            finally:
                self._fanout.lost()
            await self._sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        try:
            await connection.add_listener(CHANNEL, self._heard)
            self._fanout.heard()
            self._tell("")
            while not await _within(CHECK_SECONDS, closed):
                await connection.fetchval("select 1", timeout=CHECK_SECONDS)
            self._tell("the database closed the link")
        finally:
            connection.terminate()

    def _tell(self, trouble: str) -> None:
        """One line for each change, not one for each try."""
        if trouble == self._trouble:
            return
        if trouble:
            log.warning("live updates: %s; trying again", trouble)
        else:
            log.info("live updates: the database is back")
        self._trouble = trouble

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        change = read(str(payload))
        if change is None:
            log.warning("live updates: not understood: %s", payload)
        else:
            self._fanout.tell(change)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
