"""How entries of the audit log hang together, free of the database, so that they can be checked.

The hash of an entry is SHA-256 over the hash before it and its fields, each as the number of its
bytes, a colon and the bytes in UTF-8. The database's own function makes the same.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """One entry; see the migration for what each field holds."""

    chain: int
    number: int
    at: datetime
    actor: str
    session: str
    correlation: str
    action: str
    kind: str
    subject: str
    detail: str
    previous: bytes
    hash: bytes


class Head(NamedTuple):
    """Where a chain ends: how many entries it has had and the hash of the last.

    The same says where one begins whose oldest entries were let go: how many went, and the hash of
    the last of these.
    """

    chain: int
    entries: int
    hash: bytes


LET_GO = "audit.let_go"
"""The entry by which a chain says itself that its oldest entries went; see :func:`said_of`."""


def said_of(start: Head) -> str:
    """The detail of the entry which says that a chain begins after `start`."""
    return f"{start.entries} {start.hash.hex()}"


def seal(entry: Entry) -> bytes:
    """The hash that an entry must have."""
    micros = (entry.at - _EPOCH) // timedelta(microseconds=1)
    fields = (entry.chain, entry.number, micros, *entry[3:10])
    parts = (f"{field}".encode() for field in fields)
    return hashlib.sha256(
        entry.previous + b"".join(b"%d:%b" % (len(part), part) for part in parts)
    ).digest()


def faults(entries: Iterable[Entry], after: Head) -> Iterator[str]:
    """What is wrong with entries that should follow `after`, each named by its number.

    Goes on behind a fault, so that one changed entry does not make a fault of all that follow.
    """
    number, before = after.entries, after.hash
    for entry in entries:
        named = f"chain {entry.chain}, entry {entry.number}"
        if entry.number != number + 1:
            missing = f"{number + 1}" + (
                f" to {entry.number - 1}" if entry.number > number + 2 else ""
            )
            yield f"chain {entry.chain}, entry {missing}: missing"
        elif entry.previous != before:
            yield f"{named}: does not follow the one before it; either was put in or replaced"
        if seal(entry) != entry.hash:
            yield f"{named}: changed after it was written"
        number, before = entry.number, entry.hash
