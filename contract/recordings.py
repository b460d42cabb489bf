"""Recordings: sensor events of any number of homes, one per line, sorted by time.

The names end in `.jsonl` or `.jsonl.gz`. Reading never stops at a bad line: it is handed to the
caller with its number and what is wrong with it, and the reading goes on.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from contract.codec import ContractError, decode, encode
from contract.events import SensorEvent, problem

MAX_LINE_BYTES = 64 * 1024


class BadLine(NamedTuple):
    """A line that is no event: where it stands and why it was refused."""

    number: int
    reason: str
    line: bytes


def open_recording(path: Path) -> IO[bytes]:
    """Opens a recording for reading, compressed or not."""
    raw = path.open("rb")
    return io.BufferedReader(gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw


def read_recording(lines: Iterable[bytes]) -> Iterator[SensorEvent | BadLine]:
    """Reads events line by line; blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            yield BadLine(number, f"longer than {MAX_LINE_BYTES} bytes", line[:200])
            continue
        try:
            event = decode(line, SensorEvent)
        except ContractError as error:
            yield BadLine(number, str(error), line)
            continue
        reason = problem(event)
        yield BadLine(number, reason, line) if reason else event


def write_recording(path: Path, events: Iterable[SensorEvent]) -> int:
    """Writes events in the order given and returns how many there were.

    The same events give the same bytes on every machine and day: a gzip header carries no time.
    """
    count = 0
    with path.open("wb") as raw:
        compressed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6)
        out: IO[bytes] = io.BufferedWriter(compressed) if path.suffix == ".gz" else raw
        for event in events:
            out.write(encode(event) + b"\n")
            count += 1
        out.flush()
        if path.suffix == ".gz":
            compressed.close()
    return count
