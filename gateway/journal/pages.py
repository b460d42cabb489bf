"""Reads rows from the pages of a damaged SQLite file, without its index of pages.

A leaf page of a table says by itself which rows it holds (https://www.sqlite.org/fileformat2.html,
1.5 and 2.1), so one that is torn costs its own rows and no others.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

PAGE = 4096
_LEAF = 13
_LARGEST = 16 * 1024 * 1024
_NULL, _FLOAT, _ZERO, _ONE, _BLOB, _TEXT = 0, 7, 8, 9, 12, 13
_FIRST_FREE = 2  # the first page is never one that another overflows into
_MORE = 0x80
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = int | float | str | bytes | None


class PageRow(NamedTuple):
    """A row as its page has it; the first value of an integer key is None and stands in `rowid`."""

    rowid: int
    values: list[Value]


def rows_in(data: bytes | memoryview, columns: frozenset[int]) -> Iterator[PageRow]:
    """All rows with so many columns, of whichever table, also such as were deleted lately.

    Args:
        data: The whole file, with pages of 4096 bytes.
        columns: How many values a row may have.
    """
    for start in range(0, len(data) - PAGE + 1, PAGE):
        header = start + (100 if start == 0 else 0)
        if data[header] != _LEAF:
            continue
        (count,) = struct.unpack_from(">H", data, header + 3)
        if header + 8 + 2 * count > start + PAGE:
            continue
        for pointer in struct.unpack_from(f">{count}H", data, header + 8):
            row = _row(data, start, pointer, columns)
            if row is not None:
                yield row


def _row(
    data: bytes | memoryview, start: int, pointer: int, columns: frozenset[int]
) -> PageRow | None:
    """The row in one cell; None where it is torn or has another shape."""
    try:
        size, at = _varint(data, start + pointer)
        rowid, at = _varint(data, at)
        if not 0 < size <= _LARGEST or at > start + PAGE:
            return None
        payload = _payload(data, start, at, size)
        kinds = _kinds(payload)
        if len(kinds) not in columns:
            return None
        return PageRow(rowid, list(_values(payload, kinds)))
    except (IndexError, struct.error, UnicodeDecodeError, ValueError):
        return None


def _payload(data: bytes | memoryview, start: int, at: int, size: int) -> bytes:
    """A cell's content, the rest of it fetched from the pages that it overflows into."""
    most = PAGE - 35
    if size <= most:
        return _cut(data, at, size, start + PAGE)
    least = (PAGE - 12) * 32 // 255 - 23
    local = least + (size - least) % (PAGE - 4)
    local = local if local <= most else least
    parts = [_cut(data, at, local, start + PAGE)]
    (page,) = struct.unpack_from(">I", data, at + local)
    left = size - local
    while left > 0:
        if page < _FIRST_FREE:
            raise ValueError("the chain ends early")
        begin = (page - 1) * PAGE
        taken = min(left, PAGE - 4)
        parts.append(_cut(data, begin + 4, taken, begin + PAGE))
        (page,) = struct.unpack_from(">I", data, begin)
        left -= taken
    return b"".join(parts)


def _cut(data: bytes | memoryview, at: int, size: int, end: int) -> bytes:
    if at + size > min(end, len(data)):
        raise ValueError("it runs over the page")
    return bytes(data[at : at + size])


def _kinds(payload: bytes) -> list[int]:
    """The serial types of a record, with where the values begin as the last of them taken off."""
    length, at = _varint(payload, 0)
    kinds = []
    while at < length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != length:
        raise ValueError("the header has no end")
    return kinds


def _values(payload: bytes, kinds: list[int]) -> Iterator[Value]:
    at, _ = _varint(payload, 0)
    for kind in kinds:
        value, at = _value(payload, at, kind)
        yield value
    if at != len(payload):
        raise ValueError("the values do not fill it")


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == _NULL:
        return None, at
    if kind in {_ZERO, _ONE}:
        return kind - _ZERO, at
    if kind in _WIDTHS:
        end = at + _WIDTHS[kind]
        return int.from_bytes(_cut(payload, at, end - at, end), "big", signed=True), end
    if kind == _FLOAT:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if kind >= _BLOB:
        size = (kind - _BLOB) // 2
        raw = _cut(payload, at, size, at + size)
        return (raw.decode() if kind % 2 else raw), at + size
    raise ValueError(f"serial type {kind} is reserved")


def _varint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    value = 0
    for i in range(8):
        byte = data[at + i]
        value = value << 7 | byte & 0x7F
        if byte < _MORE:
            return value, at + i + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64 if value >= 1 << 63 else 0), at + 9
