"""Answers hubs that ask for what is new, at once or as soon as there is something."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from api.clock import Clock
from api.downlink import proof
from api.downlink.proof import Known
from api.downlink.sql import SQL
from api.downlink.waiting import Waiting
from api.hubs.door import refuse_retired
from api.store.database import Database
from api.store.reach import of_home
from contract import Command, Configuration, Downlink
from contract.downlink import MAX_COMMANDS

LONGEST_WAIT = 50
"""Seconds a hub may ask to be kept waiting; proxies cut what is silent for a minute."""


class Asking:
    """What hubs ask.

    Args:
        database: Where it is.
        clock: The centre's.
        waiting: Wakes those who wait.
    """

    def __init__(self, database: Database, clock: Clock, waiting: Waiting) -> None:
        self._database = database
        self._clock = clock
        self._waiting = waiting

    async def answer(
        self, hub: str, home: str, *, configuration: int, commands: int, wait: float = 0
    ) -> Downlink:
        """What is beyond the version and the number that the hub already has.

        Waits up to `wait` seconds where there is nothing. No connection to the database is held
        meanwhile.

        Raises:
            Forbidden: The hub was let go, perhaps while it waited.
        """
        has = Known(configuration, commands)
        with self._waiting.of(hub) as news:  # before the look, so that nothing falls in between
            found = await self._look(hub, home, has, proves=True)
            if not wait or found.configuration is not None or found.commands:
                return found
            try:
                await asyncio.wait_for(news.wait(), wait)
            except TimeoutError:
                return msgspec.structs.replace(found, at=self._clock())
        # What was asked a while ago proves nothing now: the hub may have asked anew meanwhile.
        return await self._look(hub, home, has, proves=False)

    async def _look(self, hub: str, home: str, has: Known, *, proves: bool) -> Downlink:
        now = self._clock()
        async with self._database.transaction(of_home(home)) as connection:
            await refuse_retired(connection, hub)
            if proves:
                await proof.take(connection, hub, home, has, now)
            newest = await connection.fetchrow(SQL.newest, home)
            rows = await connection.fetch(SQL.open_commands, hub, has.commands, now, MAX_COMMANDS)
            if rows:
                await connection.execute(SQL.sent, [row["id"] for row in rows], now)
        return Downlink(
            hub=hub,
            at=self._clock(),
            configuration=_beyond(has.configuration, newest),
            commands=[
                Command(**{**row, "body": msgspec.Raw(row["body"].encode())}) for row in rows
            ],
        )


def _beyond(known: int, newest: Mapping[str, Any] | None) -> Configuration | None:
    """The newest version, unless the hub has it."""
    if newest is None or newest["version"] <= known:
        return None
    return Configuration(
        version=newest["version"],
        digest=newest["digest"],
        content=msgspec.Raw(newest["content"].encode()),
    )
