"""Puts the hub together, runs it, ends it in good order: the one place that knows every part."""

import asyncio
import logging
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

from gateway.assembly import make_backoff, make_hub
from gateway.dialects.networks import spoken_in
from gateway.downlink.orders import Orders
from gateway.downlink.standing import Effective, Standing
from gateway.engine_room import EngineRoom
from gateway.errors import HubError
from gateway.hub import TICK_S, Hub
from gateway.journal import Journal
from gateway.journal.lock import only_one
from gateway.mqtt.client import AcknowledgingClient
from gateway.mqtt.subscriber import Subscriber
from gateway.settings import Files, Settings
from gateway.systemd import Notifier
from gateway.uplink.clock import CentreClock

Job = Coroutine[Any, Any, object]
_log = logging.getLogger(__name__)


def run_hub(settings: Settings, files: Files) -> None:
    """Runs a hub until the process is told to end.

    Raises:
        HubError: It cannot begin.
    """
    with (
        only_one(files.journal),
        Journal.open(files.journal, settings.hub.id, settings.hub.home) as journal,
    ):
        asyncio.run(_run(settings, files, journal))


async def _run(base: Settings, files: Files, journal: Journal) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    notifier = Notifier(os.environ)
    standing = Standing(base, journal)
    while not stop.is_set():
        effective = standing.begin(time.time(), time.monotonic())
        try:
            parts = _assemble(effective, standing, files, journal)
        except Exception as error:
            # Nothing has begun yet, so whatever it was, the configuration before it still works.
            if not standing.failed(effective, f"{type(error).__name__}: {error}", time.time()):
                raise
            continue
        await _live(parts, stop, notifier)
    notifier.stopping()
    _log.info("hub %s has stopped in good order", base.hub.id)


class _Running(NamedTuple):
    """A hub that is put together, and what the centre may ask of it."""

    hub: Hub
    room: EngineRoom
    clock: CentreClock
    orders: Orders
    standing: Standing
    settings: Settings
    files: Files
    journal: Journal


def _assemble(effective: Effective, standing: Standing, files: Files, journal: Journal) -> _Running:
    folder = files.journal.parent
    parts = make_hub(
        effective.settings, journal, folder, spells=standing.spells, version=effective.version
    )
    orders = Orders(standing, effective, parts.room, journal)
    orders.announce(time.time())
    standing.applied(effective, time.time())
    return _Running(*parts, orders, standing, effective.settings, files, journal)


async def _live(parts: _Running, stop: asyncio.Event, notifier: Notifier) -> None:
    """Runs the hub until it is told to stop, or the centre has it begin with other settings."""
    hub, settings = parts.hub, parts.settings
    subscriber = _subscriber(settings, parts.files, hub)
    async with AsyncExitStack() as stack:
        uplink = await _uplink(parts, stack)
        jobs: list[Job] = [
            subscriber.run(),
            *(job() for job in uplink),
            hub.detect(),
            hub.tick(),
            hub.watch(notifier.alive),
            hub.beat(settings.hub.health_every_s),
            _end_spells(parts),
        ]
        _log.info("hub %s of home %s is at work", settings.hub.id, settings.hub.home)
        hub.note("started", "")
        notifier.ready()
        await _until(stop, jobs)
    try:
        parts.room.save()
    except sqlite3.OperationalError as error:
        _log.warning("no checkpoint could be written (%s): the next start takes longer", error)


async def _end_spells(parts: _Running) -> None:
    """Ends what was to last for a time; returns when the hub must begin anew."""
    while True:
        try:
            parts.standing.prove(time.time(), time.monotonic())
            lasting = bool(parts.standing.spells.all)
            if parts.orders.tick(time.time(), time.monotonic()):
                return
            if lasting:
                parts.hub.news.set()
        except sqlite3.OperationalError as error:
            _log.warning("what is over cannot be noted yet: %s", error)
        await asyncio.sleep(TICK_S)


def _subscriber(settings: Settings, files: Files, hub: Hub) -> Subscriber:
    broker = settings.broker
    password = _password(files.password)
    where = f"{broker.host}:{broker.port}"
    return Subscriber(
        make_client=lambda: AcknowledgingClient(
            now=time.time,
            hostname=broker.host,
            port=broker.port,
            username=broker.username,
            password=password,
            identifier=broker.client_id or f"telecare-{settings.hub.id}",
        ),
        topics=spoken_in(settings.heard).topics,
        take=hub.take,
        backoff=make_backoff(first=1.0, most=30.0),
        told=lambda link, why: hub.broker_told(link, where, why),
    )


async def _uplink(parts: _Running, stack: AsyncExitStack) -> list[Callable[[], Job]]:
    """What sends to the centre and what asks it; nothing where there is none."""
    settings, files = parts.settings, parts.files
    if settings.centre is None:
        return []
    # httpx, cryptography and jwt are half of the hub's start: only where there is a centre.
    from gateway.uplink.assembly import make_ear, make_sender  # noqa: PLC0415 - see above
    from gateway.uplink.centre import Centre  # noqa: PLC0415 - see above
    from gateway.uplink.key import load_key  # noqa: PLC0415 - see above
    from gateway.uplink.proxy import proxy_of  # noqa: PLC0415 - see above
    from gateway.uplink.token import Signer  # noqa: PLC0415 - see above

    hub = parts.hub
    proxy = proxy_of(settings.centre, os.environ)
    centre = await stack.enter_async_context(Centre(settings.centre.url, files.ca, proxy))
    signer = Signer(settings.hub.id, load_key(files.key))
    sender = make_sender(parts.journal, signer, centre, hub.centre_told, parts.clock)
    ear = make_ear(settings.hub.id, signer, centre, parts.orders, hub.news.set)
    return [lambda: sender.run(hub.news), ear.run]


async def _until(stop: asyncio.Event, jobs: list[Job]) -> None:
    """Runs all jobs until told to stop; the failure of any is the failure of all."""
    tasks = [asyncio.ensure_future(job) for job in (stop.wait(), *jobs)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HubError(f"{path}: the broker's password cannot be read: {error}") from error
