"""Takes a recording of a home into its journal, and runs the engine over it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from contract import Quality, SensorEvent
from contract.recordings import BadLine, open_recording, read_recording
from gateway.clock.clock import FUTURE_S
from gateway.engine import Watermark
from gateway.engine_room import EngineRoom
from gateway.errors import HubError
from gateway.journal import Intake, Journal

_AT_ONCE = 1000
_Key = tuple[str, str, float, float]


class ImportRefusedError(HubError):
    """The recording is not this home's, or none at all. Nothing was taken in."""


@dataclass(slots=True)
class Imported:
    """What came of an import.

    Attributes:
        added: Events taken in.
        known: Events that were there already.
        late: Of those taken in, how many come before what the hub had heard.
        refused: Lines that are no events.
        cut: Whether the recording ends within a line: there was more of it.
    """

    added: int = 0
    known: int = 0
    late: int = 0
    refused: list[BadLine] = field(default_factory=list)
    cut: bool = False


def looked_through(path: Path, home: str) -> int:
    """How many events a recording holds, all of which this home can have had.

    Args:
        path: The recording.
        home: The home it must be of.

    Raises:
        ImportRefusedError: It holds no event, another home's, or one yet to come.
        OSError: It cannot be opened.
    """
    count, latest, wrong = 0, time.time() + FUTURE_S, ""
    for item in _items(path):
        if isinstance(item, BadLine):
            wrong = wrong or f"; line {item.number}: {item.reason}"
            continue
        count += 1
        if item.home != home:
            raise ImportRefusedError(
                f"{path}: holds events of home {item.home!r}, but this hub's home is "
                f"{home!r}; nothing was taken in"
            )
        if item.at.timestamp() > latest:
            raise ImportRefusedError(
                f"{path}: holds an event of {item.at.isoformat()}, which is yet to come "
                "by this hub's clock; nothing was taken in"
            )
    if not count:
        raise ImportRefusedError(f"{path}: holds no event; nothing was taken in{wrong}")
    return count


class Importer:
    """Takes recordings in, each once it was looked through.

    Args:
        journal: Where to.
        room: The engine, which then goes through what was added.
        watermark: How far event time has come.
    """

    def __init__(self, journal: Journal, room: EngineRoom, watermark: Watermark) -> None:
        self._journal = journal
        self._room = room
        self._watermark = watermark

    def take(self, path: Path, total: int, progress: Callable[[float], None]) -> Imported:
        """Takes in one recording; events that the journal has already are passed over.

        Args:
            path: The recording.
            total: How many events it holds, as :func:`looked_through` says.
            progress: Told how far it has come, from 0 to 1.
        """
        known = Counter(map(_key, self._journal.events_until(self._journal.last_seq)))
        done = Imported()
        intake = Intake()
        for item in _items(path):
            done.cut = isinstance(item, BadLine) and not item.line.endswith(b"\n")
            if isinstance(item, BadLine):
                done.refused.append(item)
            elif known[_key(item)] > 0:
                known[_key(item)] -= 1
                done.known += 1
            else:
                intake.events.append(self._qualified(item, intake, done))
            if len(intake.events) == _AT_ONCE:
                self._store(intake, done)
                intake = Intake()
                progress(done.added / total)
        self._store(intake, done)
        progress(1.0)
        return done

    def _qualified(self, event: SensorEvent, intake: Intake, done: Imported) -> SensorEvent:
        if event.quality != Quality.OK or self._watermark.admit(event.at.timestamp()):
            return event
        done.late += 1
        intake.counts["late"] += 1
        return msgspec.structs.replace(event, quality=Quality.LATE)

    def _store(self, intake: Intake, done: Imported) -> None:
        if not intake.events:
            return
        intake.counts["imported"] = len(intake.events)
        intake.newest = self._watermark.newest
        self._journal.write_intake(intake, time.time())
        done.added += len(intake.events)
        while self._room.work():
            pass


def _items(path: Path) -> Iterator[SensorEvent | BadLine]:
    with open_recording(path) as lines:
        yield from read_recording(lines)


def _key(event: SensorEvent) -> _Key:
    return (event.sensor, event.kind, event.at.timestamp(), event.value)
