"""What becomes of people's records by the clock: consents that run out, birthdays that pass.

Each home is a transaction of its own, which locks the home first and looks again: so it is done
once, however many replicas take turns, and a restart forgets nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.configurations import Configurations
from api.people.composing import local_day
from api.people.identity import band_on
from api.people.sealing import Sealing
from api.people.sql import SQL
from api.store.apart import Apart, Kind
from api.store.database import Connection, Database
from api.store.reach import CENTRE

TURN_SECONDS = 20.0
KNOWN = timedelta(days=366)
"""For so long a hub whose home was erased is told to forget; then nobody knows it."""


class Turns:
    """The centre's own hand on what is on record."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sealing: Sealing,
        configurations: Configurations,
        apart: Apart,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._configurations = configurations
        self._apart = apart

    async def look(self) -> int:
        """One turn of everything; how many homes it was about."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget_hubs, now - KNOWN)
        return await self._each(SQL.run_out, now, self._run_out) + await self._each(
            SQL.to_be_aged, now.date(), self._age
        )

    async def _each(
        self, query: str, when: Any, work: Callable[[Connection, str, date], Awaitable[bool]]
    ) -> int:
        async with self._database.transaction(CENTRE) as connection:
            homes = [row["home"] for row in await connection.fetch(query, when)]
        for home in homes:
            async with self._database.transaction(CENTRE) as connection:
                turn = self._turn(connection, work)
                await self._apart.each(connection, [home], turn, Kind.HOME, str)
        return len(homes)

    def _turn(
        self, connection: Connection, work: Callable[[Connection, str, date], Awaitable[bool]]
    ) -> Callable[[str], Awaitable[None]]:
        async def turn(home: str) -> None:
            row = await connection.fetchrow(SQL.lock_home, home)
            if row is None:
                return
            day = local_day(self._clock(), row["time_zone"])
            if await work(connection, home, day):
                await self._configurations.renew(connection, home, None)
                await note(connection, self._clock(), "people.turn", HOME, home)

        return turn

    async def _run_out(self, connection: Connection, home: str, day: date) -> bool:
        """Says that a consent is over, as a version of its own."""
        rows = await connection.fetch(SQL.run_out_of, home, day)
        for row in rows:
            await connection.execute(
                SQL.add_consent, f"{row['resident']}", row["version"] + 1, "expired",
                row["conditions"], row["sensors"], row["purposes"], row["given_by"],
                row["given_on"], row["expires_on"], None, self._clock(), None,
            )  # fmt: skip
        return bool(rows)

    async def _age(self, connection: Connection, home: str, _: date) -> bool:
        """Reckons age bands anew; whether one has changed."""
        changed, day = False, self._clock().date()
        for row in await connection.fetch(SQL.residents, home):
            identity = self._sealing.open_identity(f"{row['resident']}", row["sealed"])
            band = band_on(identity.born, day) if identity else row["age"]
            await connection.execute(SQL.age_resident, row["resident"], band, day)
            changed = changed or band != row["age"]
        return changed
