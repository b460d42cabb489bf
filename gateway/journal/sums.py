"""Sums over what is stored: a bit that a worn card turned over is found before it is believed."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

_BITS = 32
_LOW = (1 << _BITS) - 1
_DATED = 1 << 30
"""Set in the upper half of each sum that has one."""

_NO_LATER = 4_102_444_800.0
"""2100 in epoch seconds."""


class DamagedError(sqlite3.DatabaseError):
    """What was read is not what was written."""


def record_sum(seq: int, kind: str, urgent: int, body: bytes, written_at: float) -> int:
    """The sums of one record: of what it says below, of when it was written above.

    They are two, so that a record of which only the time is damaged is not lost.
    """
    return _date_sum(seq, written_at) << _BITS | _said_sum(seq, kind, urgent, body)


def _said_sum(seq: int, kind: str, urgent: int, body: bytes) -> int:
    return crc32(body, crc32(f"{seq} {kind} {urgent}".encode()))


def _date_sum(seq: int, written_at: float) -> int:
    return crc32(f"{seq} {written_at!r}".encode()) & (_DATED - 1) | _DATED


def memory_sum(offset: int, driven: float | None, checkpoint: object) -> int:
    """The sum of the engine's memory; -1, which is none, of what is no checkpoint."""
    if not isinstance(checkpoint, bytes):
        return -1
    return crc32(checkpoint, crc32(f"{offset} {driven!r}".encode()))


def name_sum(*names: str | int) -> int:
    """The sum of what names something."""
    return crc32("\0".join(map(str, names)).encode())


def times_sum(*times: float | None) -> int:
    """The sum of times, some of which may not be known."""
    return crc32(" ".join(map(repr, times)).encode())


def plausible(column: str) -> str:
    """A time that is under no sum, as SQL: one that is damaged can still be told as a date."""
    return f"min(max({column}, 0.0), {_NO_LATER})"


Row = tuple[int, str, int, float, Any, int | None]
"""A record's number, kind, urgency, time of writing, body and sum; no sum where it is older."""


def is_whole(row: Row) -> bool:
    """Whether what a record says is as it was written."""
    seq, kind, urgent, _, body, found = row
    if not isinstance(body, bytes):  # its page was written in another's place
        return False
    return found is None or found & _LOW == _said_sum(seq, kind, urgent, body)


def is_dated(row: Row) -> bool:
    """Whether when it was written is as it was written, as far as a sum can tell."""
    seq, found = row[0], row[5]
    return found is None or found >> _BITS in {0, _date_sum(seq, row[3])}


def has_dated(found: int | None) -> bool:
    """Whether a sum is also over when its record was written."""
    return found is not None and found >> _BITS != 0


def whole(rows: Iterable[Row]) -> Iterator[Row]:
    """The same records.

    Raises:
        DamagedError: One is not as it was written.
    """
    for row in rows:
        if not (is_whole(row) and is_dated(row)):
            raise DamagedError(f"record {row[0]} is not as it was written")
        yield row
