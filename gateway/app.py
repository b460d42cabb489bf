"""Puts the hub together, runs it, ends it in good order: the one place that knows every part."""

import asyncio
import logging
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from gateway.assembly import make_backoff, make_hub
from gateway.dialects.networks import spoken_in
from gateway.hub import Hub
from gateway.journal import Journal
from gateway.journal.lock import only_one
from gateway.metrics.server import serve
from gateway.mqtt.client import AcknowledgingClient
from gateway.mqtt.subscriber import Subscriber
from gateway.settings import Files, Settings
from gateway.settings.secrets import broker_password
from gateway.systemd import Notifier
from gateway.vitals import Sign

Job = Coroutine[Any, Any, object]
_log = logging.getLogger(__name__)


def run_hub(settings: Settings, files: Files) -> None:
    """Runs a hub until the process is told to end.

    Raises:
        HubError: It cannot begin.
    """
    notifier = Notifier(os.environ)
    notifier.starting()
    with (
        only_one(files.journal),
        Journal.open(files.journal, settings.hub.id, settings.hub.home) as journal,
    ):
        asyncio.run(_run(settings, files, journal, notifier))


async def _run(settings: Settings, files: Files, journal: Journal, notifier: Notifier) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    hub, room = make_hub(settings, journal, files.journal.parent)
    subscriber = _subscriber(settings, files, hub)
    async with AsyncExitStack() as stack:
        uplink = await _uplink(settings, files, journal, hub, stack)
        jobs: list[Job] = [
            subscriber.run(),
            uplink(),
            hub.detect(),
            hub.tick(),
            hub.watch(
                notifier.alive, Sign("listening", subscriber.owes, lambda: subscriber.got_on)
            ),
            hub.beat(settings.hub.health_every_s),
        ]
        if settings.metrics.port is not None:
            jobs.append(serve(settings.metrics.port, hub.metrics))
        _log.info("hub %s of home %s is at work", settings.hub.id, settings.hub.home)
        hub.note("started", "")
        notifier.ready()
        await _until(stop, jobs)
    notifier.stopping()
    try:
        room.save()
    except sqlite3.OperationalError as error:
        _log.warning("no checkpoint could be written (%s): the next start takes longer", error)
    _log.info("hub %s has stopped in good order", settings.hub.id)


def _subscriber(settings: Settings, files: Files, hub: Hub) -> Subscriber:
    broker = settings.broker
    password = broker_password(files, os.environ)
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


async def _uplink(
    settings: Settings, files: Files, journal: Journal, hub: Hub, stack: AsyncExitStack
) -> Callable[[], Job]:
    """What sends to the centre; where there is none, what does nothing for ever."""
    if settings.centre is None:
        return asyncio.Event().wait
    # httpx, cryptography and jwt are half of the hub's start: only where there is a centre.
    from gateway.uplink.assembly import make_sender  # noqa: PLC0415 - see above
    from gateway.uplink.centre import Centre  # noqa: PLC0415 - see above
    from gateway.uplink.key import load_key  # noqa: PLC0415 - see above

    centre = await stack.enter_async_context(Centre(settings.centre.url, files.ca))
    sender = make_sender(journal, load_key(files.key), centre, hub.centre_told)
    return lambda: sender.run(hub.news)


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
