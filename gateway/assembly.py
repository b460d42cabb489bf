"""Puts a hub's parts together around its journal; where messages come from is up to the caller."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gateway.backoff import Backoff
from gateway.clock import HubClock
from gateway.detecting import detectors
from gateway.dialects.networks import spoken_in
from gateway.directory import ROW
from gateway.engine import OrderingEngine, Watermark
from gateway.engine_room import EngineRoom
from gateway.health import heartbeat
from gateway.hearing import Hearing, Past
from gateway.hub import Hub, Parts
from gateway.journal import Journal
from gateway.normaliser import Normaliser
from gateway.settings import Settings
from gateway.waiting_room import WaitingRoom
from gateway.writer import Writer

Clock = Callable[[], float]


class Assembled(NamedTuple):
    """A hub, and the room in which its engine runs."""

    hub: Hub
    room: EngineRoom


def make_hub(
    settings: Settings,
    journal: Journal,
    folder: Path,
    *,
    now: Clock = time.time,
    elapsed: Clock = time.monotonic,
    clock: HubClock | None = None,
) -> Assembled:
    """A hub with all registered detectors, standing where it last stood.

    Args:
        settings: Its own.
        journal: Open.
        folder: On the disk whose room it reports.
        now: Its clock, in epoch seconds.
        elapsed: A clock that only runs forward, in seconds.
        clock: What the two are read from, where they may be wrong.
    """
    watermark = make_watermark(settings, journal)
    room = make_room(settings, journal, watermark, now)
    normaliser = Normaliser(settings.hub.home, settings.sensors)
    normaliser.thaw(journal.devices())
    started_at = now()
    parts = Parts(
        journal=journal,
        hearing=_hearing(settings, journal, normaliser, watermark),
        room=room,
        writer=Writer(make_backoff(first=0.5, most=30.0)),
        health=lambda: heartbeat(
            journal, normaliser.health(), folder, started_at=started_at, now=now()
        ),
        now=now,
        elapsed=elapsed,
        clock=clock,
        waiting=None if clock is None else WaitingRoom(journal, clock, journal.clock()[1]),
    )
    return Assembled(Hub(parts, live=settings.clock.source == "wall"), room)


def make_watermark(settings: Settings, journal: Journal) -> Watermark:
    """How far event time has come by what is journalled."""
    newest, _ = journal.clock()
    if newest is None:
        return Watermark(settings.lag_s)
    return Watermark(settings.lag_s, newest=newest)


def make_room(
    settings: Settings, journal: Journal, watermark: Watermark, now: Clock = time.time
) -> EngineRoom:
    """The engine with all registered detectors, standing where it last stood."""
    return EngineRoom(
        journal,
        lambda on_fault: OrderingEngine(
            settings.profile, detectors(), on_fault, window_s=settings.lag_s, mends=True
        ),
        watermark,
        now,
    )


def make_backoff(*, first: float, most: float) -> Backoff:
    """Waits between tries, in seconds; no two hubs wait alike."""
    return Backoff(first=first, most=most, chance=random.random)


def _hearing(
    settings: Settings, journal: Journal, normaliser: Normaliser, watermark: Watermark
) -> Hearing:
    _, received = journal.clock()
    return Hearing(
        spoken_in(settings.heard),
        normaliser,
        watermark,
        Past(journal.deliveries(), received, journal.devices().get(ROW)),
        follows_wall_clock=settings.clock.source == "wall",
    )
