"""The home's sensors in a table: what each last said, and how much it usually says."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import msgspec

from contract import Kind, SensorEvent, SensorHealth
from gateway.beside import beside
from gateway.journal import Journal
from gateway.journal.inspection import Inspection
from gateway.settings import Files, Settings

DAYS = 7
"""Whole days before today from which the usual rate is taken."""
_DAY_S = 86_400.0


class Row(msgspec.Struct, frozen=True):
    """One device.

    Attributes:
        health: How it fares.
        kinds: What it tells.
        today: Events so far today, of all its kinds.
        usual: Events on a usual day: the median of the last whole days; None before the first.
    """

    health: SensorHealth
    kinds: list[str]
    today: int
    usual: float | None


class Table(msgspec.Struct, frozen=True):
    """All devices, and what has to be known of them.

    Attributes:
        rows: Each device that the hub listens to, by name.
        remarks: Such as a pause, or that the centre has set the sensors.
    """

    rows: list[Row]
    remarks: list[str]


def sensor_table(settings: Settings, files: Files, now: float) -> Table:
    """Every device that the hub listens to.

    Args:
        settings: The hub's own file; what the centre has set is laid over it.
        files: Where its journal is.
        now: The hub's clock, in epoch seconds.

    Raises:
        JournalError: There is no journal, or it cannot be read.
    """
    with (
        closing(Journal.open_read_only(files.journal)) as journal,
        closing(Inspection(files.journal)) as inspection,
    ):
        holds = beside(settings, journal)
        health = holds.sensors(journal)
        zone = ZoneInfo(holds.settings.hub.time_zone)
        events = inspection.newest_events(now - (DAYS + 2) * _DAY_S)
        counts, first = _counted(events, zone)
    today = datetime.fromtimestamp(now, zone).date()
    days = _whole_days(first, today)
    rows = [
        Row(
            health=one,
            kinds=[each.kind for each in holds.settings.sensors if each.name == one.sensor],
            today=counts[one.sensor, today],
            usual=median(counts[one.sensor, day] for day in days) if days else None,
        )
        for one in health
    ]
    return Table(rows, list(holds.remarks(now)))


def _counted(
    events: Iterable[SensorEvent], zone: ZoneInfo
) -> tuple[Counter[tuple[str, date]], date | None]:
    """How often each sensor told something on each day, and the first of these days."""
    counts: Counter[tuple[str, date]] = Counter()
    for event in events:
        if event.kind != Kind.LINK:
            counts[event.sensor, event.at.astimezone(zone).date()] += 1
    return counts, min((day for _, day in counts), default=None)


def _whole_days(first: date | None, today: date) -> list[date]:
    """The last days before today, without the one on which the home may have begun to be heard."""
    days = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    return [day for day in days if first is not None and day > first]


def lines(rows: list[Row], now: float) -> Iterator[str]:
    """The table for a person."""
    head = ("sensor", "tells", "place", "last word", "a day", "today", "battery", "link")
    table = [head, *(_cells(row, now) for row in rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(head))]
    for cells in table:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cells(row: Row, now: float) -> tuple[str, ...]:
    health = row.health
    return (
        health.sensor,
        ", ".join(row.kinds),
        health.place,
        ago(health.last_seen.timestamp(), now) if health.last_seen else "never",
        "?" if row.usual is None else f"{row.usual:g}",
        str(row.today),
        "" if health.battery is None else f"{health.battery:g} %",
        _link(health),
    )


def _link(health: SensorHealth) -> str:
    if health.online is False:
        return "offline"
    if health.stuck:
        return "stuck"
    if health.unlike:
        return f"unlike {', '.join(health.unlike)}"
    if health.untried:
        return "never pressed"
    return "" if health.link_quality is None else f"{health.link_quality:g}"


def ago(at: float, now: float) -> str:
    """How long ago, such as `5 minutes ago`."""
    seconds = max(0.0, now - at)
    for size, word in ((_DAY_S, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"
