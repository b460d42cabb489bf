"""Sets back all that a journal keeps of time but its records, which stay as they were told."""

import sqlite3
from typing import Any

import msgspec

from gateway.journal.lasting import Spell, read_spells, write_spells
from gateway.journal.reached import Reached, reckoned, write_reached
from gateway.journal.set_back import SetBack, write_set_back
from gateway.journal.states import read_states, write_states


def go_back(connection: sqlite3.Connection, one: SetBack) -> None:
    """Notes that event time is set back, with what follows; within the caller's transaction.

    Devices know of nothing after that moment any more, and there was no absence of the broker. A
    pause or the like that is over and was dated after it is of no time that will be; one that still
    lasts begins at it.
    """
    write_set_back(connection, one)
    write_reached(connection, Reached(reckoned(connection).newest, one.line))
    states = read_states(connection).states
    write_states(connection, {name: as_of(state, one.line) for name, state in states.items()})
    connection.execute("delete from deaf where since > ?", (one.line,))
    connection.execute("update deaf set until = ? where until > ?", (one.line, one.line))
    spells = read_spells(connection).spells
    write_spells(connection, (_brought_back(spell, one.line) for spell in spells))


def _brought_back(spell: Spell, line: float) -> Spell:
    if spell.over:
        return spell._replace(since=min(spell.since, line), until=min(spell.until, line))
    if spell.since > line:
        return spell._replace(since=line, until=spell.until - spell.since + line)
    return spell


def as_of(state: bytes, line: float) -> bytes:
    """A device's state with no time in it that lies after a line.

    What it knew of its own clock goes: it was compared with the wrong one.

    Args:
        state: As JSON, which holds no other numbers as large as times.
        line: In epoch seconds.
    """
    try:
        found = msgspec.json.decode(state)
    except msgspec.DecodeError:
        return state  # the next start finds that it cannot be read
    if isinstance(found, dict):
        found.pop("clock", None)
    return msgspec.json.encode(_cut(found, line))


def _cut(value: Any, line: float) -> Any:
    if isinstance(value, dict):
        return {key: _cut(one, line) for key, one in value.items()}
    if isinstance(value, list):
        return [_cut(one, line) for one in value]
    return line if isinstance(value, float | int) and value > line else value
