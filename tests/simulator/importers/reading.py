"""Reads a source with an importer, or a recording back, in one call."""

from pathlib import Path

from contract import SensorEvent
from contract.recordings import BadLine, open_recording, read_recording
from simulator.importers.registry import IMPORTERS
from simulator.importers.source import BadRow


def read_source(name: str, folder: Path) -> tuple[list[SensorEvent], list[BadRow]]:
    events: list[SensorEvent] = []
    bad: list[BadRow] = []
    for item in IMPORTERS[name].read(folder, lambda _: None):
        if isinstance(item, BadRow):
            bad.append(item)
        else:
            events.append(item)
    return events, bad


def read_back(path: Path) -> list[SensorEvent]:
    with open_recording(path) as lines:
        read = list(read_recording(lines))
    assert not [item for item in read if isinstance(item, BadLine)], "a recording must be readable"
    return [item for item in read if isinstance(item, SensorEvent)]
