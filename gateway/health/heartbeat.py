"""The hub's heartbeat: what it last heard, what it refused, what it still has to send."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import disk_usage

from contract import HubHealth, SensorHealth, utc
from gateway.health import machine_health
from gateway.journal import Journal
from gateway.uplink.clock import Measure
from gateway.watch.deafness import Standing


def software() -> str:
    """The version of this software, such as `telecare 0.1.0`."""
    try:
        return f"telecare {version('telecare')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "telecare"


def heartbeat(
    journal: Journal,
    sensors: list[SensorHealth],
    folder: Path,
    *,
    started_at: float,
    now: float,
    root: Path = machine_health.ROOT,
    configuration: int | None = None,
    clock: Measure | None = None,
    every_s: float | None = None,
    broker: Standing | None = None,
) -> HubHealth:
    """How the hub fares.

    Args:
        journal: Its own, open.
        sensors: How each of its devices fares.
        folder: On the disk whose room counts.
        started_at: When its process started, in epoch seconds.
        now: The hub's clock, likewise.
        root: Of the file system in which the machine tells of itself.
        configuration: The version of the centre's configuration that it runs with, if any.
        clock: How the centre's clock stands to its own, where that was measured.
        every_s: Seconds to the next one.
        broker: How it stands with its broker, where that is known.
    """
    since, waiting = journal.outbox.waiting_since(), journal.outbox.waiting_by_kind()
    return HubHealth(
        hub=journal.identity.hub,
        home=journal.identity.home,
        at=utc(now),
        software=software(),
        started_at=utc(started_at),
        queued=sum(waiting.values()),
        queued_by_kind=waiting,
        oldest_queued_at=None if since is None else utc(since),
        disk_free_bytes=disk_usage(folder).free,
        counters=journal.counters(),
        sensors=sensors,
        machine=machine_health.look(root),
        configuration=configuration,
        clock_ahead_s=None if clock is None else round(clock.ahead, 3),
        clock_sure_s=None if clock is None else round(clock.sure, 3),
        every_s=every_s,
        broker_connected=None if broker is None else broker.connected,
        broker_away_since=None
        if broker is None or broker.away_since is None
        else utc(broker.away_since),
    )
