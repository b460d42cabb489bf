"""Writes the metrics in Prometheus' text form, version 0.0.4."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from contract import HubHealth
from gateway.metrics import names
from gateway.metrics.names import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Values = Iterable[tuple[tuple[str, ...], float | None]]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a heartbeat does not tell.

    Attributes:
        journalled: The number of the newest record.
        received: The centre has every record up to this one.
        broker: Whether there is one now.
        centre: Whether it receives; None where there is none, or nothing is known of it yet.
        jobs: Whether each job is stuck.
    """

    journalled: int
    received: int
    broker: bool
    centre: bool | None = None
    jobs: dict[str, bool] = field(default_factory=dict)


def exposition(health: HubHealth, standing: Standing) -> str:
    """All metrics that have a value, each with its meaning."""
    lines: list[str] = []
    for metric, values in _told(health, standing):
        known = [(labels, value) for labels, value in values if value is not None]
        if known:
            lines += [
                f"# HELP {metric.name} {metric.says}",
                f"# TYPE {metric.name} {metric.sort}",
                *(_line(metric, labels, value) for labels, value in known),
            ]
    return "\n".join(lines) + "\n"


def _told(health: HubHealth, standing: Standing) -> Iterator[tuple[Metric, Values]]:
    yield names.STARTED, _one(health.started_at.timestamp() if health.started_at else None)
    yield names.COUNTED, [((name,), count) for name, count in health.counters.items()]
    yield names.JOURNALLED, _one(standing.journalled)
    yield names.RECEIVED, _one(standing.received)
    yield names.WAITING, [((kind,), count) for kind, count in health.queued_by_kind.items()]
    oldest = health.oldest_queued_at
    yield names.OLDEST, _one(max(0.0, (health.at - oldest).total_seconds()) if oldest else 0)
    yield names.BROKER, _one(standing.broker)
    yield names.CENTRE, _one(standing.centre)
    yield names.STUCK, [((job,), stuck) for job, stuck in standing.jobs.items()]
    yield names.DISK, _one(health.disk_free_bytes)
    yield from _machine(health)
    yield from _sensors(health)


def _machine(health: HubHealth) -> Iterator[tuple[Metric, Values]]:
    machine = health.machine
    if machine is None:
        return
    who = (health.hub, health.home, health.software)
    yield names.INFO, [((*who, machine.python, machine.system, machine.hardware), 1)]
    yield names.TEMPERATURE, _one(machine.temperature_c)
    yield names.UNDER_VOLTAGE, _one(machine.under_voltage)
    yield names.MEMORY_USED, _one(machine.memory_used_bytes)
    yield names.MEMORY_FREE, _one(machine.memory_free_bytes)
    yield names.LOAD, _one(machine.load_1m)
    yield names.CLOCK, _one(machine.clock_synchronised)


def _sensors(health: HubHealth) -> Iterator[tuple[Metric, Values]]:
    each = [((one.sensor,), one) for one in health.sensors]
    yield (
        names.SENSOR_SEEN,
        [(name, one.last_seen.timestamp()) for name, one in each if one.last_seen],
    )
    yield names.SENSOR_BATTERY, [(name, one.battery) for name, one in each]
    yield names.SENSOR_LINK, [(name, one.link_quality) for name, one in each]
    yield names.SENSOR_ONLINE, [(name, one.online) for name, one in each]


def _one(value: float | None) -> Values:
    return [((), value)]


def _line(metric: Metric, labels: tuple[str, ...], value: float) -> str:
    told = ",".join(
        f'{name}="{_escaped(text)}"' for name, text in zip(metric.labels, labels, strict=True)
    )
    return (
        f"{metric.name}{{{told}}} {float(value):.17g}"
        if told
        else (f"{metric.name} {float(value):.17g}")
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
