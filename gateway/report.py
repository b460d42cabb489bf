"""How a hub fares, out of its journal: for a program as it is, for a person in a few lines."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import msgspec

from contract import Alert, HubHealth, MachineHealth, Phase, RecordKind, decode
from gateway.doctor.service import is_running
from gateway.health import heartbeat
from gateway.hearing import FUTURE_S
from gateway.journal import Journal
from gateway.journal.inspection import Inspection
from gateway.journal.journal import QUARANTINE_KEPT
from gateway.normaliser import Normaliser
from gateway.sensor_table import ago
from gateway.settings import Files, Settings

_SHOWN = 5
_HOUR = 3600


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the hub stands with somebody.

    Attributes:
        since: When it last changed, in epoch seconds; None if nothing is known yet.
        why: What is wrong; empty where all is well.
    """

    since: float | None = None
    why: str = ""


class Refused(msgspec.Struct, frozen=True):
    """A message in quarantine."""

    at: datetime
    topic: str
    reason: str


class Report(msgspec.Struct, frozen=True):
    """How a hub fares.

    Attributes:
        epoch: Names its journal.
        records: How many the journal holds.
        received: How many of them the centre has.
        receipt_at: When the centre last said so, in epoch seconds.
        health: As in its heartbeats, but now.
        clock_behind_s: How far the newest event is ahead of the hub's clock; what is heard while it
            is far ahead is kept, but not detected upon.
        clock: Whether the hub knows what time it is.
        broker, centre: How it stands with them.
        open_alerts: Alerts that stand.
        quarantine: The newest messages that could not be used.
        running: Whether a hub holds the journal now; None where that cannot be seen.
    """

    epoch: str
    records: int
    received: int
    receipt_at: float | None
    health: HubHealth
    clock_behind_s: float
    clock: Trouble
    broker: Trouble
    centre: Trouble | None
    open_alerts: list[Alert]
    quarantine: list[Refused]
    running: bool | None = None


def report(settings: Settings, files: Files, now: float) -> Report:
    """Reads the journal beside the running hub.

    Raises:
        JournalError: There is none, or it cannot be read.
    """
    with (
        closing(Journal.open_read_only(files.journal)) as journal,
        closing(Inspection(files.journal)) as inspection,
    ):
        sensors = Normaliser(settings.hub.home, settings.sensors)
        sensors.thaw(journal.devices())
        notes = {name: Trouble(at, text) for name, (at, text) in journal.notes().items()}
        started = notes.get("started", Trouble())
        return Report(
            epoch=journal.identity.epoch,
            records=journal.last_seq,
            received=journal.outbox.cursor,
            receipt_at=journal.outbox.receipt_at,
            health=_as_told(
                heartbeat(
                    journal,
                    sensors.health(),
                    files.journal.parent,
                    started_at=started.since or now,
                    now=now,
                ),
                inspection.newest_health(),
            ),
            clock_behind_s=max(0.0, (journal.clock()[0] or 0.0) - now),
            clock=notes.get("clock", Trouble()),
            broker=notes.get("broker", Trouble()),
            centre=notes.get("centre", Trouble()) if settings.centre else None,
            open_alerts=_open_alerts(journal),
            quarantine=[
                Refused(datetime.fromtimestamp(one.at, UTC), one.topic, one.reason)
                for one in journal.quarantine(_SHOWN)
            ],
            running=is_running(files.journal),
        )


def _as_told(now: HubHealth, last: HubHealth | None) -> HubHealth:
    """The heartbeat of now, with what only the hub's own process knows as it last told it."""
    own = last.machine.memory_used_bytes if last and last.machine else None
    if now.machine is None:
        return now
    machine = msgspec.structs.replace(now.machine, memory_used_bytes=own)
    return msgspec.structs.replace(now, machine=machine)


def _open_alerts(journal: Journal) -> list[Alert]:
    alerts: dict[str, Alert] = {}
    for _, body in journal.records(RecordKind.ALERT):
        alert = decode(body, Alert)
        alerts[alert.id] = alert
    return [alert for alert in alerts.values() if alert.phase == Phase.OPEN]


def human(found: Report, now: float) -> Iterator[str]:
    """The report in a few lines."""
    yield from standing(found, now)
    yield from _sensors(found, now)
    yield from counted(found)


def living(found: Report, now: float, newest: Iterable[str]) -> Iterator[str]:
    """The report for a screen that is drawn again and again, with the newest events."""
    yield from standing(found, now)
    yield from _sensors(found, now)
    yield "  newest events"
    yield from (f"    {line}" for line in newest)
    yield from counted(found)


def standing(found: Report, now: float) -> Iterator[str]:
    """How it stands with everybody."""
    health = found.health
    yield f"hub {health.hub} of home {health.home} ({health.software}){_running(found, now)}"
    yield f"  broker    {_standing(found.broker, now)}"
    yield f"  centre    {_centre(found, now)}"
    yield f"  journal   {found.records:,} records, {health.queued:,} not yet received by the centre"
    if health.queued and found.centre is not None:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in health.queued_by_kind.items())
        oldest = health.oldest_queued_at
        since = f"; the oldest written {ago(oldest.timestamp(), now)}" if oldest else ""
        yield f"            {kinds}{since}"
    if found.clock_behind_s > FUTURE_S:
        yield (
            f"  CLOCK     {found.clock_behind_s / _HOUR:.1f} hours behind the newest event: what "
            "is heard is kept, but not detected upon; set the clock right"
        )
    if found.clock.why:
        yield f"  CLOCK     {found.clock.why}: what is heard is kept, and dated once it is"
    free = (health.disk_free_bytes or 0) / 1e9
    yield f"  disk      {free:.1f} GB free"
    if health.machine is not None and (told := _machine(health.machine)):
        yield f"  machine   {told}"
    yield f"  alerts    {len(found.open_alerts)} open"
    yield from (
        f"              {one.condition} since {one.raised_at:%Y-%m-%d %H:%M} UTC"
        for one in found.open_alerts
    )


def _running(found: Report, now: float) -> str:
    if found.running is False:
        return ": NOT RUNNING"
    started = found.health.started_at
    return f", started {ago(started.timestamp(), now)}" if found.running and started else ""


def _machine(machine: MachineHealth) -> str:
    """What it tells, in one line; what it does not is left out."""
    parts = {
        "{:.0f} degrees": machine.temperature_c,
        "{:,.0f} MB used by the hub": _in_mb(machine.memory_used_bytes),
        "{:,.0f} MB left": _in_mb(machine.memory_free_bytes),
        "load {:.2f}": machine.load_1m,
    }
    told = [form.format(value) for form, value in parts.items() if value is not None]
    if machine.under_voltage:
        told.append("TOO LITTLE VOLTAGE")
    if machine.clock_synchronised is False:
        told.append("CLOCK NEVER SET")
    return ", ".join(told)


def _in_mb(size: int | None) -> float | None:
    return None if size is None else size / 1e6


def _sensors(found: Report, now: float) -> Iterator[str]:
    yield "  sensors"
    for sensor in found.health.sensors:
        seen = ago(sensor.last_seen.timestamp(), now) if sensor.last_seen else "never heard"
        battery = f", battery {sensor.battery:g} %" if sensor.battery is not None else ""
        away = ", offline" if sensor.online is False else ""
        yield f"    {sensor.sensor:<24} {sensor.place:<14} {seen}{battery}{away}"


def counted(found: Report) -> Iterator[str]:
    """What was counted, and what could not be used."""
    yield "  counted"
    yield from (f"    {name:<24} {count:>12,}" for name, count in found.health.counters.items())
    if found.quarantine:
        yield f"  newest in quarantine (it keeps {QUARANTINE_KEPT:,})"
        yield from (f"    {one.topic}: {one.reason}" for one in found.quarantine)


def _centre(found: Report, now: float) -> str:
    if found.centre is None:
        return "none in the settings; everything stays on this hub"
    if found.receipt_at is None and not found.centre.why:
        return "not reached yet"
    received = f"has {found.received:,} records"
    when = f", said {ago(found.receipt_at, now)}" if found.receipt_at is not None else ""
    return f"{_standing(found.centre, now)}; {received}{when}"


def _standing(trouble: Trouble, now: float) -> str:
    if trouble.since is None:
        return "not reached yet"
    return f"{trouble.why or 'in touch'}, since {ago(trouble.since, now)}"
