"""The hub's heartbeat: what it last heard, what it refused, what it still has to send."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import disk_usage

from contract import HubHealth, SensorHealth, utc
from gateway.journal import Journal
from gateway.uplink.clock import Measure


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
    configuration: int | None = None,
    clock: Measure | None = None,
) -> HubHealth:
    """How the hub fares at `now`."""
    since = journal.outbox.waiting_since()
    return HubHealth(
        hub=journal.identity.hub,
        home=journal.identity.home,
        at=utc(now),
        software=software(),
        started_at=utc(started_at),
        queued=journal.outbox.waiting(),
        oldest_queued_at=None if since is None else utc(since),
        disk_free_bytes=disk_usage(folder).free,
        counters=journal.counters(),
        sensors=sensors,
        configuration=configuration,
        clock_ahead_s=None if clock is None else round(clock.ahead, 3),
        clock_sure_s=None if clock is None else round(clock.sure, 3),
    )
