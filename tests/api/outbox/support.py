"""Makes the outbox's tests short: a channel that listens, and a worker that uses it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from api.channels.protocol import Channel, Message
from api.outbox.patience import Patience
from api.outbox.service import Outbox, Wanted
from api.outbox.worker import Worker
from api.services import Services
from api.store.sealed import Seal

SEAL = Seal(b"k" * 32)


class Nothing(msgspec.Struct, frozen=True):
    """Settings of a channel that needs none."""

    hidden: str = ""


class Ear:
    """A channel that keeps what it is told, unless told to answer otherwise."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.answer: Callable[[Message], Awaitable[None]] | None = None
        self.settings: list[Nothing] = []

    async def deliver(self, message: Message, settings: Nothing) -> None:
        self.settings.append(settings)
        if self.answer:
            await self.answer(message)
        self.heard.append(message)

    @property
    def channels(self) -> dict[str, Channel[Any]]:
        return {"ear": Channel("ear", Nothing, frozenset({"hidden"}), self.deliver)}

    @property
    def actions(self) -> list[str]:
        return [message.told.action for message in self.heard]


def worker(services: Services, ear: Ear, **more: Any) -> Worker:
    more.setdefault("seal", SEAL)
    more.setdefault("patience", Patience(tries=3))
    return Worker(services.database, services.clock, ear.channels, random=lambda: 1.0, **more)


async def destination(services: Services, ear: Ear, organisation: int = 1, **more: Any) -> int:
    wanted = {"name": "desk", "channel": "ear", "actions": [], "settings": {}, **more}
    outbox = Outbox(services.database, services.clock, ear.channels, SEAL)
    return await outbox.set(organisation, msgspec.convert(wanted, Wanted))


def refuse(error: Exception) -> Callable[[Message], "asyncio.Future[None]"]:
    """An answer that is that."""

    def answer(_: Message) -> "asyncio.Future[None]":
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_exception(error)
        return future

    return answer
