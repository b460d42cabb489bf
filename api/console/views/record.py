"""Everything about a home as its page lists it: each table with what it has."""

from typing import Any, NamedTuple

from api.people.export import BULK, Record


class Table(NamedTuple):
    """One table: its columns and rows as text; of what came line by line only the number."""

    name: str
    entries: int
    columns: list[str]
    rows: list[list[str]]


def record_tables(found: Record) -> list[Table]:
    """The tables by name; people stand above them, opened."""
    return [_table(name, found) for name in sorted(found.counted) if name != "resident"]


def _table(name: str, found: Record) -> Table:
    rows = [] if name in BULK else found.tables[name]
    columns = [key for key in (rows[0] if rows else {}) if any(_said(row.get(key)) for row in rows)]
    said = [[_said(row.get(key)) for key in columns] for row in rows]
    return Table(name.replace("_", " "), found.counted[name], columns, said)


def _said(value: Any) -> str:
    return "" if value is None or value in ("", []) else f"{value}"
