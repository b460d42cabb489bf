"""JSON Schema of every message: `python -m contract.schema > contract.schema.json`."""

import sys
from typing import Any

import msgspec

from contract.alerts import Alert
from contract.assessments import Assessment
from contract.batches import Batch, Receipt
from contract.downlink import (
    CommandResult,
    ConfigurationReport,
    Downlink,
    HomeSettings,
    WalkStep,
)
from contract.events import SensorEvent
from contract.health import HubHealth

MESSAGES = (
    SensorEvent,
    Assessment,
    Alert,
    HubHealth,
    Batch,
    Receipt,
    Downlink,
    HomeSettings,
    ConfigurationReport,
    CommandResult,
    WalkStep,
)


def schema() -> dict[str, Any]:
    """One JSON Schema 2020-12 document with each message under `$defs`.

    It describes what this version writes. Readers must accept fields that it does not name.
    """
    _, definitions = msgspec.json.schema_components(MESSAGES, ref_template="#/$defs/{name}")
    for definition in definitions.values():
        definition.pop("additionalProperties", None)
        definition.get("properties", {}).pop("$unknown", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "telecare contract",
        "$defs": definitions,
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n")
