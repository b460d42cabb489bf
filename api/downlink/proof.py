"""What a hub proves by its question: which commands it has, and whether it is ahead of the centre.

A hub names a number only once it has everything up to it on disk. It is ahead where the centre has
gone back to a backup: what it would say with numbers that the hub has had would never be heard.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from api.downlink.sql import SQL
from api.refusals import Invalid
from api.store.database import Connection

log = logging.getLogger(__name__)

MOST_AHEAD = 1_000_000
"""No backup is so old. Numbers are few enough for a hub gone wrong to use them up."""
AGAIN = timedelta(minutes=10)
"""How soon after it was mended a hub may be ahead once more; each time makes a version."""


class Known(NamedTuple):
    """How far a hub has come: the newest version and the highest number that it has taken."""

    configuration: int
    commands: int


async def take(connection: Connection, hub: str, home: str, has: Known, now: datetime) -> None:
    """Notes what a question proves, and brings the centre's numbers above the hub's.

    Raises:
        Invalid: The hub names numbers that no centre can have given it.
    """
    row = await connection.fetchrow(SQL.known, hub, home, has.commands, now)
    given = Known(row["given_configuration"], row["given_commands"])
    if any(one > known + MOST_AHEAD for one, known in zip(has, given, strict=True)):
        raise Invalid(f"The hub names {_words(has)}, far beyond what it was told: {_words(given)}.")
    if await connection.fetch(SQL.settle, hub, has.commands, now):
        await connection.execute(SQL.tell_staff, hub)
    if row["passed_over"]:
        await connection.fetchrow(SQL.lock_hub, hub)
        await connection.execute(SQL.renumber, hub, has.commands, now)
    fresh = has.configuration > row["known_configuration"] or has.commands > row["known_commands"]
    if fresh:
        await connection.execute(SQL.know, hub, *has)
    behind = has.configuration > given.configuration or (fresh and has.commands > given.commands)
    if behind and (row["ahead_at"] is None or row["ahead_at"] <= now - AGAIN):
        said = f"It knows {_words(has)}; this centre has given out {_words(given)}."
        if version := await _tell_anew(connection, home, has, now):
            said += f" Version {version} tells it anew what the centre has."
        await _say(connection, hub, said, now)


async def _say(connection: Connection, hub: str, said: str, now: datetime) -> None:
    log.warning("hub %s is ahead of the centre, as after a restored backup: %s", hub, said)
    await connection.execute(SQL.note_ahead, hub, now, said)


async def _tell_anew(connection: Connection, home: str, has: Known, now: datetime) -> int:
    """Gives the newest configuration a version that the hub will take; 0 where there is none."""
    await connection.fetchrow(SQL.lock_home, home)
    newest = await connection.fetchrow(SQL.newest, home)
    if newest is None or newest["version"] >= has.configuration:
        return 0
    version: int = await connection.fetchval(SQL.next_version, home)
    await connection.execute(
        SQL.add_version, home, version, newest["digest"], newest["content"], now, None
    )
    await connection.execute(SQL.tell_home, home)
    return version


def _words(known: Known) -> str:
    return f"version {known.configuration} and command {known.commands}"
