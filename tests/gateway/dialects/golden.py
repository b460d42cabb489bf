"""What devices say, word for word, and what it means: one file for each dialect."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

FOLDER = Path(__file__).parent


class Golden(NamedTuple):
    """One message of a real device.

    Attributes:
        says: By device and signal, the last value that it tells.
        more: Whatever else all of its readings that can bear it must bear.
    """

    name: str
    topic: str
    payload: bytes
    says: dict[str, dict[str, float]]
    more: dict[str, Any]


def golden(dialect: str) -> list[Golden]:
    """All of one dialect."""
    found = json.loads((FOLDER / f"{dialect}.json").read_text("utf-8"))
    return [_golden(name, **example) for name, example in found.items()]


def _golden(
    name: str, topic: str, payload: Any, says: dict[str, dict[str, float]], **more: Any
) -> Golden:
    text = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
    return Golden(name, topic, text, says, more)
