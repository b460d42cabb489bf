"""What can be taken out as a table: each dataset with its columns, in words.

`python -m api.exports.datasets` prints the data dictionary as it stands in docs/exports.md.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.reading import LANES
from api.exports import rows
from api.fhir.resources import device_id
from api.identity.permissions import Permission

_LONDON = ZoneInfo("Europe/London")


class Column(NamedTuple):
    """One column.

    Attributes:
        name: As it stands in the heading.
        type: `text`, `integer`, `number`, `time` (an instant in UTC) or `day`.
        says: What it is, with its unit.
        value: Of a row.
        identifies: Whether it is left out unless identifiers are asked for.
    """

    name: str
    type: str
    says: str
    value: Callable[[rows.Row], Any]
    identifies: bool = False


class Dataset(NamedTuple):
    """One table: where its rows are, and what a reader must be allowed besides taking data out."""

    says: str
    source: rows.Source
    permission: Permission
    columns: tuple[Column, ...]

    def shown(self, *, identified: bool) -> list[Column]:
        """The columns of an export."""
        return [one for one in self.columns if identified or not one.identifies]


def _plain(name: str, kind: str, says: str, *, identifies: bool = False) -> Column:
    return Column(name, kind, says, lambda row: row[name], identifies)


def _patient(row: rows.Row) -> Any:
    return row["pseudonym"]


_WHOSE = (
    Column("patient", "text", "whose home; a pseudonym that stays the same", _patient),
    _plain("home", "text", "the home's identifier", identifies=True),
)

DATASETS: dict[str, Dataset] = {
    "events": Dataset(
        "What sensors told, one line for each event.",
        rows.EVENTS,
        Permission.READ_DAYS,
        (
            *_WHOSE,
            _plain("at", "time", "when"),
            Column(
                "device", "text", "which sensor; a pseudonym that stays the same",
                lambda row: device_id(row["pseudonym"], row["sensor"]),
            ),
            _plain("sensor", "text", "what the sensor is called in the home", identifies=True),
            _plain("kind", "text", "what it tells, as `motion` or `temperature`"),
            _plain("place", "text", "the room or thing"),
            _plain("value", "number", "in the unit of its kind: 1 and 0, Wh, °C, %, m/s"),
            _plain("quality", "text", "how far its time can be trusted; only `ok` and `late`"
                   " are surely what the person did"),
        ),
    ),
    "daily_counts": Dataset(
        "How often what happened, one line for each home, day, place and kind.",
        rows.COUNTS,
        Permission.READ_DAYS,
        (
            *_WHOSE,
            Column("day", "day", "the day in London, whole",
                   lambda row: row["day"].astimezone(_LONDON).date()),
            _plain("place", "text", "the room or thing"),
            _plain("kind", "text", "what was told"),
            _plain("count", "integer", "times; of what opens or is pressed, openings and presses;"
                   " of measures, readings"),
            _plain("total", "number", "the sum of the values, in the unit of the kind"),
        ),
    ),
    "alerts": Dataset(
        "Alerts with what they turned out to be, one line each.",
        rows.ALERTS,
        Permission.READ_ALERTS,
        (
            _plain("id", "integer", "the centre's number"),
            Column("patient", "text", "whose home; empty of an alert about many", _patient),
            _plain("home", "text", "the home's identifier", identifies=True),
            _plain("condition", "text", "what was noticed"),
            Column("priority", "text", "`urgent`, `advisory` or `technical`",
                   lambda row: LANES[row["lane"]]),
            _plain("score", "number", "how far from usual, 0 to 1; no probability"),
            _plain("raised_at", "time", "when the hub opened it"),
            _plain("received_at", "time", "when the centre received it"),
            _plain("looked_at", "time", "when somebody first looked"),
            _plain("cleared_at", "time", "when the observation ended"),
            _plain("resolved_at", "time", "when somebody said what it was"),
            _plain("state", "text", "where it stands with staff"),
            _plain("outcome", "text", "what it turned out to be"),
        ),
    ),
}  # fmt: skip
"""Every table that can be taken out."""


class ColumnView(msgspec.Struct, frozen=True, kw_only=True):
    """One column in words. `identifies` is left out unless identifiers are asked for."""

    name: str
    type: str
    says: str
    identifies: bool


class DatasetView(msgspec.Struct, frozen=True, kw_only=True):
    """One table in words."""

    name: str
    says: str
    columns: list[ColumnView]


def dictionary() -> list[DatasetView]:
    """The data dictionary."""
    return [
        DatasetView(
            name=name,
            says=one.says,
            columns=[
                ColumnView(name=c.name, type=c.type, says=c.says, identifies=c.identifies)
                for c in one.columns
            ],
        )
        for name, one in DATASETS.items()
    ]


def table() -> str:
    """The same as Markdown."""
    lines = ["| dataset | column | type | |", "|---|---|---|---|"]
    for name, one in DATASETS.items():
        for column in one.columns:
            only = "; only with `identified`" if column.identifies else ""
            lines.append(f"| `{name}` | `{column.name}` | {column.type} | {column.says}{only} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a command
