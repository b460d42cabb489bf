"""From a source's folder to one recording, sorted by time, the same bytes every time."""

from collections.abc import Callable
from pathlib import Path

from contract import SensorEvent
from contract.recordings import write_recording
from simulator.files import whole
from simulator.importers.source import Advance, BadRow, Importer

Refuse = Callable[[BadRow], None]


def import_recording(
    importer: Importer, source: Path, out: Path, *, advance: Advance, refuse: Refuse
) -> tuple[int, int]:
    """Writes the source as a recording and returns how many events of how many homes there were.

    All events are held in memory for the sorting: some 500 bytes each. The recording appears under
    its name only when it is whole.

    Raises:
        SourceError: The folder is not this source.
        OSError: The recording cannot be written.
    """
    events: list[SensorEvent] = []
    for item in importer.read(source, advance):
        if isinstance(item, BadRow):
            refuse(item)
        else:
            events.append(item)
    events.sort(key=_order)
    with whole(out) as part:
        count = write_recording(part, events)
    return count, len({event.home for event in events})


def _order(event: SensorEvent) -> tuple[object, ...]:
    """Time first; the rest makes the order of simultaneous events the same on every machine."""
    return (event.at, event.home, event.sensor, event.kind, -event.value)
