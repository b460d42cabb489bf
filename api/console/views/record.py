"""Everything about a home as its page lists it: each table with what it has."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from api.people.export import BULK, Record

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?\S*")


class Table(NamedTuple):
    """One table: each row as a line of text; of what came line by line only the number.

    Messages as they came, which say the same again, are in the JSON alone.
    """

    name: str
    entries: int
    rows: list[str]


def record_tables(found: Record) -> list[Table]:
    """The tables by name; people stand above them, opened."""
    return [
        Table(
            name.replace("_", " "),
            found.counted[name],
            [] if name in BULK else [_line(row) for row in found.tables[name]],
        )
        for name in sorted(found.counted)
        if name != "resident"
    ]


def _line(row: Mapping[str, Any]) -> str:
    said = ((key.replace("_", " "), _said(value)) for key, value in row.items())
    return "; ".join(f"{key}: {value}" for key, value in said if value)


def _said(value: Any) -> str:
    if value is None or isinstance(value, dict) or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(f"{one}" for one in value if not isinstance(one, dict | list))
    moment = _MOMENT.fullmatch(f"{value}")
    return f"{moment[1]} {moment[2]} UTC" if moment else f"{value}"
