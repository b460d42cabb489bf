"""What may stand in a scenario file, table by table, as people read it."""

from collections.abc import Iterator
from typing import Any

from simulator.scenarios.schema import scenario_schema

_TABLES = (
    ("Scenario", "the file itself"),
    ("StreetTable", "`[street]`"),
    ("HomeTable", "`[[home]]`, what is not left to chance in one home"),
    ("EpisodeTable", "`[[episode]]`, what befalls people and homes"),
    ("FaultTable", "`[[fault]]`, what goes wrong between devices and hub"),
)
_OTHERS = {"street", "home", "episode", "fault"}  # of the file itself: tables of their own


def keys_text() -> str:
    """A Markdown table for each table of the file."""
    defined = scenario_schema()["$defs"]
    parts = []
    for name, title in _TABLES:
        rows = "\n".join(_rows(defined[name], whole=name == "Scenario"))
        head = "| key | by default | is |\n|---|---|---|"
        parts.append(f"**{title[0].upper()}{title[1:]}**\n\n{head}\n{rows}\n")
    return "\n".join(parts)


def _rows(table: dict[str, Any], *, whole: bool) -> Iterator[str]:
    needed = set(table.get("required", ()))
    for key, about in table["properties"].items():
        if whole and key in _OTHERS and about.get("description") is None:
            continue
        default = "needed" if key in needed else _plain(about.get("default"))
        yield f"| `{key}` | {default} | {about.get('description', '')} |"


def _plain(default: object) -> str:
    if default is None or default in ({}, [], ()):
        return ""
    if isinstance(default, bool):
        return "yes" if default else "no"
    return str(default)
