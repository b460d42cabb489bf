"""One virtual hub: a hub's own parts, heard by the street's clock rather than by a broker."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.assembly import make_hub
from gateway.hearing.message import Message as Delivered
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.settings import Settings
from gateway.uplink.assembly import make_sender
from gateway.uplink.centre import Centre
from gateway.uplink.token import Signer
from simulator.devices import Message

_AT_ONCE = 200
_MOST_WAITING = 1000

Told = Callable[[str], None]


class VirtualHub:
    """A hub.

    Args:
        settings: Its own; its clock is the wall's, which is the street's.
        journal: Open.
        key: That the centre knows.
        centre: Where to.
        start: Where its clock stands at first, in epoch seconds.
        told: Told of each change: why nothing reaches the centre, or "" once it does.
    """

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        key: Ed25519PrivateKey,
        centre: Centre,
        *,
        start: float,
        told: Told,
    ) -> None:
        self._journal = journal
        _, heard_until = journal.clock()
        self._heard_until = -math.inf if heard_until is None else heard_until
        self._now = start
        self._waiting: deque[Message] = deque()
        self._wake = asyncio.Event()
        self._taking = False
        made = make_hub(settings, journal, Path(), now=self._clock, elapsed=self._clock)
        self._hub, self._room = made.hub, made.room
        self._hub.broker_told(Link.UP, "its devices", "")
        self._beat_s = settings.hub.health_every_s
        self._sender = make_sender(journal, Signer(journal.identity.hub, key), centre, told)

    @property
    def has_room(self) -> bool:
        """Whether it keeps up."""
        return len(self._waiting) < _MOST_WAITING

    def hear(self, message: Message) -> None:
        """A device says something; what was heard in an earlier run is passed over."""
        if message.t < self._heard_until:
            return
        self._waiting.append(message)
        self._wake.set()

    def pass_time(self, t: float) -> None:
        """Its clock goes on, once it has taken in what was said before."""
        if self.has_heard_all:
            self._now = max(self._now, t)

    def living(self) -> list[Coroutine[Any, Any, object]]:
        """What it hears, detects and tells of itself, for ever."""
        return [self._take(), self._hub.detect(), self._hub.tick(), self._hub.beat(self._beat_s)]

    def sending(self) -> Coroutine[Any, Any, object]:
        """Sends the centre what there is, for ever."""
        return self._sender.run(self._hub.news)

    @property
    def has_heard_all(self) -> bool:
        """Whether all that was said to it is journalled."""
        return not self._waiting and not self._taking

    def detect_all(self) -> None:
        """Detects upon all that it heard; once it no longer lives."""
        while self._room.work():
            pass
        self._room.save()
        self._hub.news.set()

    @property
    def has_sent_all(self) -> bool:
        """Whether all that it journalled has reached the centre."""
        return self._journal.outbox.waiting() == 0

    def close(self) -> None:
        """Leaves a checkpoint."""
        self._room.save()

    async def _take(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._taking = True
                said = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]
                self._now = max(self._now, said[-1].t)
                await self._hub.take(
                    [Delivered(one.topic, one.payload, 0, False, False, one.t) for one in said]
                )
                self._taking = False
                await asyncio.sleep(0)

    def _clock(self) -> float:
        return self._now
