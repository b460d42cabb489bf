"""Recordings: sensor events of any number of homes, one per line, sorted by time.

The names end in `.jsonl` or `.jsonl.gz`. Reading never stops at a bad line: it is handed to the
caller with its number and what is wrong with it, and the reading goes on.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from contract.codec import ContractError, decode, encode
from contract.events import SensorEvent, problem

MAX_LINE_BYTES = 64 * 1024


class BadLine(NamedTuple):
    """A line that is no event: where it stands and why it was refused."""

    number: int
    reason: str
    line: bytes


@contextmanager
def open_recording(path: Path) -> Iterator[IO[bytes]]:
    """Opens a recording for reading, compressed or not."""
    with path.open("rb") as raw:
        if path.suffix != ".gz":
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as packed:
            yield io.BufferedReader(packed)  # lines come several times faster through a buffer


def read_recording(lines: Iterable[bytes]) -> Iterator[SensorEvent | BadLine]:
    """Reads events line by line; blank lines are passed over.

    Where lines can no longer be read, as of a compressed file cut short, the last is a bad one.
    """
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            try:
                event = _quick(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                if line.strip():
                    yield _slow(number, line)
                continue
            reason = problem(event)
            if reason or len(line) > MAX_LINE_BYTES:
                yield _slow(number, line)
            else:
                yield event
    except (EOFError, OSError, zlib.error) as error:
        yield BadLine(number + 1, f"cannot be read from here on: {error}", b"")


_quick = msgspec.json.Decoder(SensorEvent).decode


def _slow(number: int, line: bytes) -> SensorEvent | BadLine:
    """What becomes of a line that is not simply an event of this version."""
    if len(line) > MAX_LINE_BYTES:
        return BadLine(number, f"longer than {MAX_LINE_BYTES} bytes", line[:200])
    try:
        event = decode(line, SensorEvent)
    except ContractError as error:
        return BadLine(number, str(error), line)
    reason = problem(event)
    return BadLine(number, reason, line) if reason else event


def write_recording(path: Path, events: Iterable[SensorEvent]) -> int:
    """Writes events in the order given and returns how many there were.

    The same events give the same bytes on every machine and day: a gzip header carries no time.
    """
    with path.open("wb") as raw:
        if path.suffix != ".gz":
            return _write_lines(raw.write, events)
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed:
            return _write_lines(packed.write, events)


def _write_lines(write: Callable[[bytes], object], events: Iterable[SensorEvent]) -> int:
    count = 0
    for count, event in enumerate(events, start=1):  # noqa: B007  # the last number is the count
        write(encode(event) + b"\n")
    return count
