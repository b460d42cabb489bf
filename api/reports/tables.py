"""A report as one long table: a line for each figure, with its bounds."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec

from api.exports.formulas import harmless
from api.reports.intervals import Interval
from api.reports.views import Report

COLUMNS = ("section", "row", "measure", "value", "low", "high")
_KEYS = {
    "answer_times": ("priority", "level", "until"),
    "hours": ("name",),
    "shifts": ("name",),
    "roles": ("role",),
    "conditions": ("priority", "condition"),
    "outcomes": ("priority", "outcome"),
    "calls": ("outcome",),
}


def to_csv(report: Report) -> str:
    """RFC 4180, with a heading. A figure that is withheld or not known is an empty field."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(harmless, line) for line in lines(report))
    return file.getvalue()


def lines(report: Report) -> Iterator[tuple[Any, ...]]:
    """Every figure of a report; the columns are :data:`COLUMNS`."""
    for name, value in (
        ("organisation", report.organisation), ("since", report.period.since),
        ("until", report.period.until), ("time_zone", report.period.time_zone),
        ("made_at", report.made_at.isoformat()), ("whole", report.whole),
        ("small_numbers", report.small_numbers), ("homes", report.homes),
        ("person_months", report.person_months), ("others_alerts", report.others_alerts),
    ):  # fmt: skip
        yield "report", "", name, _plain(value), "", ""
    for name, value in msgspec.structs.asdict(report.uptime).items():
        yield "uptime", "", name, _plain(value), "", ""
    for section, keys in _KEYS.items():
        for one in getattr(report, section):
            yield from _figures(section, keys, msgspec.structs.asdict(one))


def _figures(section: str, keys: tuple[str, ...], row: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    name = " ".join(f"{value}" for key in keys if (value := row.pop(key)) is not None)
    for measure, value in row.items():
        if isinstance(value, Interval):
            yield section, name, measure, value.value, value.low, value.high
        else:
            yield section, name, measure, _plain(value), "", ""


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value
