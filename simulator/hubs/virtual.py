"""One virtual hub: a hub's own parts, heard by the street's clock rather than by a broker."""

import asyncio
import math
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.backoff import Backoff
from gateway.detecting import detectors
from gateway.dialects.networks import spoken_in
from gateway.engine import Engine, Watermark
from gateway.engine_room import EngineRoom
from gateway.health import heartbeat
from gateway.hearing import Hearing, Past
from gateway.hearing import Message as Delivered
from gateway.hub import Hub, Parts
from gateway.journal import Journal
from gateway.mqtt.subscriber import Link
from gateway.normaliser import Normaliser
from gateway.settings import Settings
from gateway.uplink.centre import Centre
from gateway.uplink.sender import Sender
from gateway.uplink.token import Signer
from gateway.writer import Writer
from simulator.devices import Message

_AT_ONCE = 200
_MOST_WAITING = 1000

Told = Callable[[str], None]


class VirtualHub:
    """A hub.

    Args:
        settings: Its own.
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
        watermark = _watermark(settings, journal)
        self._room = EngineRoom(
            journal,
            lambda on_fault: Engine(settings.profile, detectors(), on_fault),
            watermark,
            self._clock,
        )
        normaliser = Normaliser(settings.hub.home, settings.sensors)
        normaliser.thaw(journal.devices())
        parts = Parts(
            journal=journal,
            hearing=_hearing(settings, journal, normaliser, watermark),
            room=self._room,
            writer=Writer(_backoff(0.5, 30.0)),
            health=lambda: heartbeat(
                journal, normaliser.health(), Path(), started_at=start, now=self._now
            ),
            now=self._clock,
            elapsed=self._clock,
        )
        self._hub = Hub(parts, live=True)
        self._hub.broker_told(Link.UP, "its devices", "")
        self._beat_s = settings.hub.health_every_s
        self._sender = Sender(
            identity=journal.identity,
            outbox=journal.outbox,
            signer=Signer(settings.hub.id, key),
            centre=centre,
            now=time.time,
            soon=_backoff(1.0, 60.0),
            late=_backoff(120.0, 1800.0),
            told=told,
        )

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
        if not self._waiting and not self._taking:
            self._now = max(self._now, t)

    def jobs(self) -> list[Coroutine[Any, Any, object]]:
        """All that it does, for ever."""
        return [
            self._take(),
            self._hub.detect(),
            self._hub.tick(),
            self._hub.beat(self._beat_s),
            self._sender.run(self._hub.news),
        ]

    def settled(self) -> bool:
        """Whether all that it heard is detected upon and has reached the centre."""
        if self._waiting or self._taking:
            return False
        while self._room.work():
            pass
        self._room.save()
        self._hub.news.set()
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


def _watermark(settings: Settings, journal: Journal) -> Watermark:
    newest, _ = journal.clock()
    return Watermark(settings.lag_s, newest=-math.inf if newest is None else newest)


def _hearing(
    settings: Settings, journal: Journal, normaliser: Normaliser, watermark: Watermark
) -> Hearing:
    _, received = journal.clock()
    return Hearing(
        spoken_in(settings.heard),
        normaliser,
        watermark,
        Past(journal.deliveries(), received),
        follows_wall_clock=True,
    )


def _backoff(first: float, most: float) -> Backoff:
    return Backoff(first=first, most=most, chance=random.random)
