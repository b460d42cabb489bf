"""The form of a scenario file as JSON Schema, for editors that check while one writes."""

from typing import Any

import msgspec

from simulator.devices.voices import VOICES
from simulator.faults import FAULTS
from simulator.living.episodes.registry import KINDS
from simulator.living.rooms import INDOORS
from simulator.living.senses.registry import MAKES
from simulator.scenarios.form import Scenario


def scenario_schema() -> dict[str, Any]:
    """The schema, with the names that are known today."""
    (_,), tables = msgspec.json.schema_components([Scenario], ref_template="#/$defs/{name}")
    _names(tables["EpisodeTable"]["properties"]["kind"], KINDS)
    _names(tables["EpisodeTable"]["properties"]["room"], INDOORS)
    _names(tables["FaultTable"]["properties"]["kind"], FAULTS)
    for table in ("EpisodeTable", "FaultTable"):
        _names(tables[table]["properties"]["sensor"], MAKES)
    _names(tables["HomeTable"]["properties"]["dialect"], VOICES)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/Scenario",
        "$defs": dict(sorted(tables.items())),
    }


def schema_text() -> str:
    """The same as a file."""
    return msgspec.json.format(msgspec.json.encode(scenario_schema()), indent=2).decode() + "\n"


def _names(key: dict[str, Any], names: Any) -> None:
    """Says which names a key may hold."""
    for one in key.get("anyOf", [key]):
        if one.get("type") == "string":
            one["enum"] = list(names)
            one.pop("minLength", None)
            one.pop("maxLength", None)
