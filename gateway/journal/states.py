"""The states of devices, each with a sum: a bit that turned over costs one device's state."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32


class Found(NamedTuple):
    """What is stored of the devices.

    Attributes:
        states: By name, as they were written.
        damaged: Of the rows that are not, the names as they stand there now.
    """

    states: dict[str, bytes]
    damaged: list[bytes]


def write_states(connection: sqlite3.Connection, states: Mapping[str, bytes]) -> None:
    """Stores some states; within the caller's transaction."""
    connection.executemany(
        "insert into devices values (?, ?, ?) "
        "on conflict do update set state = excluded.state, sum = excluded.sum",
        [(name, state, _sum(name.encode(), state)) for name, state in states.items()],
    )


def read_states(connection: sqlite3.Connection) -> Found:
    """All of them, with what cannot be believed."""
    found = Found({}, [])
    # A name as bytes: SQLite would stumble over one that is not UTF-8 any more.
    for name, state, proof in connection.execute(
        "select cast(name as blob), cast(state as blob), sum from devices"
    ):
        if proof in {None, _sum(name, state)} and _is_text(name):
            found.states[name.decode()] = state
        else:
            found.damaged.append(name)
    return found


def forget_states(connection: sqlite3.Connection, names: Sequence[bytes]) -> None:
    """Deletes some rows; within the caller's transaction."""
    connection.executemany(
        "delete from devices where cast(name as blob) = ?", [(name,) for name in names]
    )


def _sum(name: bytes, state: bytes) -> int:
    return crc32(state, crc32(name))


def _is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
