"""Golden vectors: what is on the wire today must be readable, and written the same, for ever."""

import json
from pathlib import Path

import pytest

from contract import (
    Alert,
    Assessment,
    Batch,
    CommandResult,
    ConfigurationReport,
    Downlink,
    HomeSettings,
    HubHealth,
    Receipt,
    SensorEvent,
    WalkStep,
    decode,
    encode,
)
from contract.base import Part
from contract.schema import schema

VECTORS = Path(__file__).parent / "vectors"
MESSAGES: dict[str, type[Part]] = {
    "event": SensorEvent,
    "assessment": Assessment,
    "alert": Alert,
    "health": HubHealth,
    "batch": Batch,
    "receipt": Receipt,
    "downlink": Downlink,
    "settings": HomeSettings,
    "configuration": ConfigurationReport,
    "command_result": CommandResult,
    "walk_step": WalkStep,
}
CURRENT = sorted(VECTORS.glob("*.v1*.json"))
NEWER = sorted(VECTORS.glob("*.v2*.json"))


def message_of(path: Path) -> type[Part]:
    return MESSAGES[path.name.split(".")[0]]


def test_every_message_has_a_vector_of_today_and_one_of_tomorrow() -> None:
    assert {path.name.split(".")[0] for path in CURRENT} == set(MESSAGES)
    assert {path.name.split(".")[0] for path in NEWER} == set(MESSAGES)


@pytest.mark.parametrize("path", CURRENT, ids=lambda path: path.stem)
def test_what_a_hub_wrote_yesterday_is_written_the_same_today(path: Path) -> None:
    data = path.read_bytes().strip()
    message = decode(data, message_of(path))
    assert not message.unknown
    assert encode(message) == data


@pytest.mark.parametrize("path", NEWER, ids=lambda path: path.stem)
def test_an_older_reader_passes_on_what_a_newer_writer_said(path: Path) -> None:
    data = path.read_bytes()
    message = decode(data, message_of(path))
    assert getattr(message, "v", 2) == 2
    assert json.loads(encode(message)) == json.loads(data)
    assert encode(decode(encode(message), message_of(path))) == encode(message)


def test_the_schema_names_every_message_and_lets_newer_fields_pass() -> None:
    definitions = schema()["$defs"]
    for message in MESSAGES.values():
        assert message.__name__ in definitions
    for definition in definitions.values():
        assert definition.get("additionalProperties", True) is True
        assert "$unknown" not in definition.get("properties", {})
