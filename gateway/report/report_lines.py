"""The report of a hub in a few lines, for a person."""

from collections.abc import Iterable, Iterator

from contract import MachineHealth
from gateway.clock.clock import FUTURE_S
from gateway.journal.set_aside import QUARANTINE_KEPT
from gateway.report.report import Report, Trouble
from gateway.report.sensor_table import ago

_HOUR = 3600


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
    if found.paused_until is not None:
        yield "  PAUSED    nothing is recorded or judged; only calls for help are passed on"
    yield from (f"  note      {one}" for one in found.remarks)
    yield f"  broker    {_standing(found, found.broker, now)}"
    yield f"  centre    {_centre(found, now)}"
    yield f"  journal   {found.records:,} records, {health.queued:,} not yet received by the centre"
    if health.queued and found.centre is not None:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in health.queued_by_kind.items())
        oldest = health.oldest_queued_at
        since = f"; the oldest written {ago(oldest.timestamp(), now)}" if oldest else ""
        yield f"            {kinds}{since}"
    if found.stuck is not None and found.stuck.since is not None:
        yield f"  stuck     {found.stuck.why} did not get on, {ago(found.stuck.since, now)}"
    yield from (f"  FAILED    {one.why} {_last(one, now)}" for one in found.failed)
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


def _last(trouble: Trouble, now: float) -> str:
    return "" if trouble.since is None else f"({ago(trouble.since, now)})"


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
        stuck = ", stuck: what it says is not believed" if sensor.stuck else ""
        unlike = f", listed as {', '.join(sensor.unlike)}, not like it" if sensor.unlike else ""
        doubts = f"{away}{stuck}{unlike}{', never pressed' if sensor.untried else ''}"
        yield f"    {sensor.sensor:<24} {sensor.place:<14} {seen}{battery}{doubts}"


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
    return f"{_standing(found, found.centre, now)}; {received}{when}"


def _standing(found: Report, trouble: Trouble, now: float) -> str:
    if trouble.since is None:
        return "not reached yet"
    word = "last noted" if found.running is False else "since"
    return f"{trouble.why or 'in touch'}, {word} {ago(trouble.since, now)}"
