"""Sums over what is stored: a bit that a worn card turned over is found before it is believed."""

import sqlite3
from collections.abc import Iterable, Iterator
from zlib import crc32


class DamagedError(sqlite3.DatabaseError):
    """What was read is not what was written."""


def record_sum(seq: int, kind: str, urgent: int, body: bytes) -> int:
    """The sum of one record."""
    return crc32(body, crc32(f"{seq} {kind} {urgent}".encode()))


def memory_sum(offset: int, driven: float | None, checkpoint: bytes) -> int:
    """The sum of the engine's memory."""
    return crc32(checkpoint, crc32(f"{offset} {driven!r}".encode()))


def name_sum(*names: str | int) -> int:
    """The sum of what names something."""
    return crc32("\0".join(map(str, names)).encode())


Row = tuple[int, str, int, bytes, int | None]
"""A record's number, kind, urgency, body and sum; no sum where it is older than sums."""


def is_whole(row: Row) -> bool:
    """Whether a record is as it was written."""
    seq, kind, urgent, body, found = row
    return found is None or found == record_sum(seq, kind, urgent, body)


def whole(rows: Iterable[Row]) -> Iterator[Row]:
    """The same records.

    Raises:
        DamagedError: One is not as it was written.
    """
    for row in rows:
        if not is_whole(row):
            raise DamagedError(f"record {row[0]} is not as it was written")
        yield row
