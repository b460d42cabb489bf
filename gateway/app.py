"""Puts the hub together, runs it, ends it in good order: the one place that knows every part."""

import asyncio
import logging
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from gateway.assembly import make_backoff, make_hub
from gateway.clock.clock import HubClock, Machine
from gateway.clock.clock_sync import boot_id
from gateway.dialects.networks import spoken_in
from gateway.downlink.deeds import Trial
from gateway.downlink.help_buttons import passed_over
from gateway.downlink.orders import Orders
from gateway.downlink.standing import Effective, Standing
from gateway.downlink.trying import CUT_SHORT, Found, worked_out
from gateway.engine_room import EngineRoom
from gateway.errors import HubError
from gateway.health.systemd import Notifier
from gateway.health.vitals import Sign
from gateway.hub import TICK_S, Hub
from gateway.journal import Journal, JournalError, Keep
from gateway.journal.database import is_damage
from gateway.journal.lock import only_one
from gateway.journal.opening import mark_suspect
from gateway.metrics.server import serve
from gateway.mqtt.client import AcknowledgingClient
from gateway.mqtt.subscriber import Subscriber
from gateway.settings import Files, Settings
from gateway.settings.secrets import broker_password
from gateway.uplink.clock import CentreClock

if TYPE_CHECKING:  # httpx, cryptography and jwt are half of the hub's start
    from gateway.uplink.centre import Centre
    from gateway.uplink.token import Signer

Job = Coroutine[Any, Any, object]
_TOLD_AGAIN_S = 1.0
_LOOK_AGAIN_S = 10.0
_REBUILT = 3
"""How often one process rebuilds its journal before it gives up."""

_log = logging.getLogger(__name__)


def run_hub(settings: Settings, files: Files) -> None:
    """Runs a hub until the process is told to end.

    Raises:
        HubError: It cannot begin.
    """
    notifier = Notifier(os.environ)
    notifier.starting()
    with only_one(files.journal):
        for _ in range(_REBUILT):
            if _run_once(settings, files, notifier):
                return
    raise JournalError(
        f"{files.journal}: is damaged again as soon as it is rebuilt; replace the memory card"
    )


def _run_once(settings: Settings, files: Files, notifier: Notifier) -> bool:
    """Runs a hub; whether it was told to end, rather than finding its journal damaged."""
    own = settings.hub
    try:
        with Journal.open(files.journal, own.id, own.home, tell=notifier.busy) as journal:
            asyncio.run(_run(settings, files, journal, notifier))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        _log.error("reading the journal ran into damage: %s", error)
        try:
            mark_suspect(files.journal)
        except OSError as failed:
            raise JournalError(
                f"{files.journal}: is damaged ({error}), and that cannot be noted beside it: "
                f"{failed.strerror}; see to the disk"
            ) from failed
        return False
    return True


async def _run(base: Settings, files: Files, journal: Journal, notifier: Notifier) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = HubClock(Machine(), journal.clock()[1])
    standing = Standing(base, journal, boot_id())
    started_at = clock.now()
    while not stop.is_set():
        notifier.starting()
        effective = standing.begin(clock.now(), clock.elapsed())
        try:
            parts = _assemble(effective, standing, files, journal, clock, started_at=started_at)
        except sqlite3.Error:
            _spare(standing, clock.now())  # the disk's fault, and not the configuration's
            raise
        except Exception as error:
            # Nothing has begun yet, so whatever it was, the configuration before it still works.
            if not standing.failed(effective, f"{type(error).__name__}: {error}", clock.now()):
                raise
            continue
        try:
            await _live(parts, stop, notifier)
        except (HubError, sqlite3.Error):
            _spare(standing, clock.now())  # such as a password that cannot be read
            raise
    _spare(standing, clock.now())
    notifier.stopping()
    _log.info("hub %s has stopped in good order", base.hub.id)


def _spare(standing: Standing, now: float) -> None:
    """Does not hold this end against the configuration on trial."""
    try:
        standing.ended(now)
    except sqlite3.Error as error:
        _log.warning("it cannot be noted why the hub ended: %s", error)


class _Running(NamedTuple):
    """A hub that is put together, and what the centre may ask of it."""

    hub: Hub
    room: EngineRoom
    centre_clock: CentreClock
    orders: Orders
    standing: Standing
    settings: Settings
    files: Files
    journal: Journal
    clock: HubClock

    @property
    def now(self) -> Callable[[], float]:
        """What time it is by the hub, in epoch seconds."""
        return self.clock.now if self.settings.clock.source == "wall" else time.time

    def way(self) -> "tuple[Centre, Signer]":
        """How its centre is spoken to, and as whom.

        Raises:
            HubError: Something that is needed for it is missing, or cannot be used.
        """
        from gateway.uplink.assembly import make_way  # noqa: PLC0415 - only where there is a centre

        where, files = self.settings.centre, self.files
        if where is None:
            raise HubError("the settings name no centre")
        return make_way(self.settings.hub.id, where, files.key, files.ca, os.environ)


def _assemble(
    effective: Effective,
    standing: Standing,
    files: Files,
    journal: Journal,
    clock: HubClock,
    *,
    started_at: float,
) -> _Running:
    live = effective.settings.clock.source == "wall"
    parts = make_hub(
        effective.settings,
        journal,
        files.journal.parent,
        now=clock.now if live else time.time,
        elapsed=clock.elapsed,
        started_at=started_at,
        clock=clock if live else None,
        spells=standing.spells,
        version=effective.version,
        faults=passed_over(standing.base.sensors, standing.peek()),
    )
    orders = Orders(standing, effective, parts.room, journal)
    orders.announce(clock.now())
    standing.applied(effective, clock.now())
    return _Running(*parts, orders, standing, effective.settings, files, journal, clock)


async def _live(parts: _Running, stop: asyncio.Event, notifier: Notifier) -> None:
    """Runs the hub until it is told to stop, or the centre has it begin with other settings."""
    hub, settings = parts.hub, parts.settings
    subscriber = _subscriber(settings, parts.files, hub, parts.clock)
    async with AsyncExitStack() as stack:
        uplink = await _uplink(parts, stack)
        jobs: list[Job] = [
            subscriber.run(),
            *(job() for job in uplink),
            hub.detect(),
            hub.tick(),
            hub.over.wait(),
            hub.watch(
                notifier.alive, Sign("listening", subscriber.owes, lambda: subscriber.got_on)
            ),
            hub.beat(settings.hub.health_every_s),
            hub.thin_out(Keep(settings.journal.keep_days, settings.journal.keep_mb)),
            _end_spells(parts),
            _learn(parts),
            _try_out(parts),
        ]
        if settings.metrics.port is not None:
            jobs.append(serve(settings.metrics.port, hub.metrics))
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
    clock = parts.clock
    while True:
        try:
            parts.standing.prove(clock.now(), clock.elapsed())
            lasting = bool(parts.standing.spells.all)
            if parts.orders.tick(clock.now(), clock.elapsed(), sure=clock.sure):
                return
            if lasting:
                parts.hub.news.set()
        except sqlite3.OperationalError as error:
            _log.warning("what is over cannot be noted yet: %s", error)
        await asyncio.sleep(TICK_S)


async def _learn(parts: _Running) -> None:
    """Learns anew what the centre asks for, for ever; between two steps the hub works on."""
    while True:
        try:
            more = parts.orders.learn(parts.now())
        except sqlite3.OperationalError as error:
            _log.warning("it cannot be learned anew yet: %s", error)
            more = False
        await asyncio.sleep(0 if more else TICK_S)


async def _try_out(parts: _Running) -> None:
    """Has worked out what the centre asks a dry run of, for ever; the hub works on meanwhile."""
    try:
        while True:
            if (trial := parts.orders.trial) is not None:
                base, journal = parts.standing.base, f"{parts.files.journal}"
                _tried(parts, trial, await worked_out(trial, base, journal))
            await asyncio.sleep(TICK_S)
    except asyncio.CancelledError:
        if (trial := parts.orders.trial) is not None:
            _tried(parts, trial, CUT_SHORT)
        raise


def _tried(parts: _Running, trial: Trial, found: Found) -> None:
    try:
        parts.orders.tried(trial, found, parts.now())
        parts.hub.news.set()
    except sqlite3.OperationalError as error:  # the centre takes its silence for what it is
        _log.warning("it cannot be told what a dry run found: %s", error)


def _subscriber(settings: Settings, files: Files, hub: Hub, clock: HubClock) -> Subscriber:
    broker = settings.broker
    password = broker_password(files, os.environ)
    where = f"{broker.host}:{broker.port}"
    return Subscriber(
        make_client=lambda: AcknowledgingClient(
            now=clock.now,
            elapsed=clock.elapsed,
            lost=hub.own_counts.overflowed,
            hostname=broker.host,
            port=broker.port,
            username=broker.username,
            password=password,
            identifier=settings.client_name,
        ),
        topics=spoken_in(settings.heard).topics,
        take=hub.take,
        backoff=make_backoff(first=1.0, most=30.0),
        told=lambda link, why: hub.broker_told(link, where, why),
    )


async def _uplink(parts: _Running, stack: AsyncExitStack) -> list[Callable[[], Job]]:
    """What sends to the centre and what asks it; nothing where there is none.

    Where something is wrong on that way alone, such as with the hub's key, nobody goes unheard for
    it: the home is listened to, and the way is looked at again.
    """
    if parts.settings.centre is None:
        return []
    # httpx, cryptography and jwt are half of the hub's start: only where there is a centre.
    from gateway.uplink.assembly import make_ear, make_sender  # noqa: PLC0415 - see above
    from gateway.uplink.faults import Faults  # noqa: PLC0415 - see above

    hub = parts.hub
    try:
        centre, signer = parts.way()
    except HubError as error:
        hub.centre_told(str(error))
        return [lambda: _mended(parts)]
    await stack.enter_async_context(centre)
    now, fault = parts.now, Faults(hub.own_counts.centre_failed).bear
    sender = make_sender(
        parts.journal,
        signer,
        centre,
        hub.centre_told,
        parts.centre_clock,
        now=now,
        fault=fault,
        refused=hub.own_counts.centre_refused,
    )

    def answered() -> None:
        sender.heard()
        hub.news.set()

    hub_id = parts.settings.hub.id
    ear = make_ear(hub_id, signer, centre, parts.orders, answered, now=now, fault=fault)
    return [lambda: sender.run(hub.news), ear.run]


async def _mended(parts: _Running) -> None:
    """Returns once there is a way to the centre; then the hub begins anew, with it."""
    while True:
        await asyncio.sleep(_LOOK_AGAIN_S)
        with suppress(HubError):  # it was told, and `doctor` tells it
            centre, _ = parts.way()
            await centre.__aexit__()
            return


async def _until(stop: asyncio.Event, jobs: list[Job]) -> None:
    """Runs all jobs until told to stop; the failure of any is the failure of all."""
    tasks = [asyncio.ensure_future(job) for job in (stop.wait(), *jobs)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _ended(tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error


async def _ended(tasks: Iterable[asyncio.Future[object]]) -> None:
    """Ends tasks. One that lost its cancellation, as waits on several things may, is told again."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_TOLD_AGAIN_S)
