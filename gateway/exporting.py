"""The journal's events as a recording, sorted by time, read beside the running hub."""

import os
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent, decode
from contract.base import Instant
from contract.recordings import write_recording
from gateway.errors import HubError
from gateway.journal.inspection import Inspection

_PORTION = 5000
_READING = 0.5  # of the way: reading when each happened; the rest is writing


class Span(NamedTuple):
    """What is to be written.

    Attributes:
        since, until: Epoch seconds, from the first (included) to the second (not included).
        sensors, kinds: These alone; empty for all.
    """

    since: float = float("-inf")
    until: float = float("inf")
    sensors: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


class _Told(msgspec.Struct):
    """As much of an event as tells whether it is wanted."""

    at: Instant
    sensor: str
    kind: str


def export(
    inspection: Inspection, span: Span, path: Path, progress: Callable[[float], None]
) -> int:
    """Writes the events of a span; the file is there whole, or not at all, and for this user alone.

    Memory: 16 bytes an event, so that years fit into a small machine.

    Args:
        inspection: The journal.
        span: Which events.
        path: `.jsonl` or `.jsonl.gz`; what is there is replaced.
        progress: Told how far it has come, from 0 to 1.

    Returns:
        How many there were.

    Raises:
        HubError: The file cannot be written.
    """
    if path.exists() and not path.is_file():
        raise HubError(f"{path}: is no file but a folder or a device; name another")
    order = _in_order(inspection, span, progress)
    unfinished = path.with_name(f".{path.name}.unfinished{path.suffix}")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # as a copy is
        count = write_recording(unfinished, _events(inspection, order, progress))
        unfinished.replace(path)
    except OSError as error:
        raise HubError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _in_order(
    inspection: Inspection, span: Span, progress: Callable[[float], None]
) -> NDArray[np.int64]:
    """The numbers of the records that are wanted, in the order of their events' times."""
    times, numbers = array("d"), array("q")
    reader = msgspec.json.Decoder(_Told)
    last = max(inspection.last_seq(), 1)
    for number, body in _all(inspection, last):
        told = reader.decode(body)
        at = told.at.timestamp()
        if (
            span.since <= at < span.until
            and (not span.sensors or told.sensor in span.sensors)
            and (not span.kinds or told.kind in span.kinds)
        ):
            times.append(at)
            numbers.append(number)
        if number % _PORTION == 0:
            progress(_READING * number / last)
    if not times:
        return np.zeros(0, np.int64)
    return np.frombuffer(numbers, np.int64)[np.argsort(np.frombuffer(times), kind="stable")]


def _all(inspection: Inspection, last: int) -> Iterator[tuple[int, bytes]]:
    """All events up to a number; those that come meanwhile are for the next time."""
    seq = 0
    while found := inspection.after(seq, ("event",), _PORTION):
        for number, _, body in found:
            if number > last:
                return
            yield number, body
        seq = found[-1][0]


def _events(
    inspection: Inspection, order: NDArray[np.int64], progress: Callable[[float], None]
) -> Iterator[SensorEvent]:
    for index, number in enumerate(order.tolist()):
        yield decode(inspection.body(number), SensorEvent)
        if index % _PORTION == 0:
            progress(_READING + (1 - _READING) * index / len(order))
    progress(1.0)
