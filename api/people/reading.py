"""What is on record of a home's people, for who may see it; each look is noted."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.configurations import Configurations
from api.downlink.views import ConfigurationDetail
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.composing import agreed_of, local_day, records_of
from api.people.consent import SOON, Purpose, not_agreed, switched_off
from api.people.residents import read
from api.people.risk import RiskRecord, told
from api.people.sealing import Sealing
from api.people.spells import not_confirmed
from api.people.sql import SQL
from api.people.views import HomePeople, HubRuns, Name, Resident, Wanting
from api.refusals import NotFound
from api.store.database import Connection, Database
from api.store.reach import CENTRE, Reach
from api.store.stored import stored

LATELY = timedelta(days=7)
"""For so long a hub that did not hear of an end is pointed out."""
_LACKS = {None: "no_consent", "withdrawn": "withdrawn", "expired": "expired"}


class Reading:
    """Reads people."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sealing: Sealing,
        configurations: Configurations,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._configurations = configurations

    async def of_home(self, home: str, by: Member) -> HomePeople:
        """Who lives in a home, and all that is on record of them.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home.
        """
        by.demand(Permission.READ_PEOPLE)
        async with self._database.transaction(by.reach) as connection:
            day = await self._day(connection, home)
            residents = await read(connection, home, self._sealing)
            rows = await connection.fetch(SQL.on_record, home)
            fitted = [row["kind"] for row in await connection.fetch(SQL.fitted, home)]
            sharing = [one for one in Purpose if await _may(connection, home, one, day)]
            await note(connection, self._clock(), "people.read", HOME, home)
        configuration = await self._configurations.of(by.reach, home)
        return HomePeople(
            home=home,
            residents=residents,
            off=switched_off(agreed_of(rows), day),
            not_agreed=not_agreed(fitted, _sensors(residents)),
            sharing=[f"{one}" for one in sharing],
            risk=stored(told(records_of(rows)) or {}, RiskRecord).known,
            hubs=_hubs(configuration),
        )

    async def names(self, home: str, by: Member) -> list[Name]:
        """What those who live in a home are called, for who handles its alert.

        Empty for who may not see it, and where nobody is on record: then nothing is noted, for
        nothing is shown.
        """
        if not by.may(Permission.READ_PEOPLE):
            return []
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.residents, home)
            opened = (
                self._sealing.open_identity(f"{row['resident']}", row["sealed"]) for row in rows
            )
            found = [Name(called=one.called, address_as=one.address_as) for one in opened if one]
            if found:
                await note(connection, self._clock(), "people.names", HOME, home)
        return found

    async def allowed(self, home: str, purpose: Purpose, reach: Reach = CENTRE) -> bool:
        """Whether a home's data may be shared for a purpose today.

        Whoever shares asks this first, and shares nothing where the answer is no. Queries over many
        homes ask the database's own function, `consented(home, purpose, day)`.
        """
        async with self._database.transaction(reach) as connection:
            row = await connection.fetchrow(SQL.home, home)
            if row is None:
                return False
            return await _may(connection, home, purpose, local_day(self._clock(), row["time_zone"]))

    async def follow_ups(self, by: Member) -> list[Wanting]:
        """What about people wants doing: consents that lack or end soon, hubs that did not answer.

        Raises:
            NotAllowed: The role does not allow it.
        """
        by.demand(Permission.READ_PEOPLE)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            soon = await connection.fetch(SQL.to_talk_about, now.date() + SOON)
            nobody = await connection.fetch(SQL.without_residents)
            unsure = await not_confirmed(connection, now, now - LATELY)
            await note(connection, now, "follow_ups.read", "homes")
        lost = [Wanting(home=row["home"], label=row["label"], what="lost") for row in unsure]
        talk = [
            Wanting(
                home=row["home"], label=row["label"], due=row["expires_on"],
                what=_LACKS.get(row["state"], "expires"),
            )
            for row in soon
        ]  # fmt: skip
        bare = [Wanting(home=row["home"], label=row["label"], what="nobody") for row in nobody]
        return [*lost, *talk, *bare]

    async def _day(self, connection: Connection, home: str) -> date:
        row = await connection.fetchrow(SQL.home, home)
        if row is None:
            raise NotFound(f"There is no home {home}.")
        day: date = local_day(self._clock(), row["time_zone"])
        return day


async def _may(connection: Connection, home: str, purpose: str, day: date) -> bool:
    return bool(await connection.fetchval(SQL.allowed, home, purpose, day))


def _sensors(residents: Iterable[Resident]) -> list[list[str]]:
    return [one.consents[0].sensors for one in residents if one.consents]


def _hubs(configuration: ConfigurationDetail) -> list[HubRuns]:
    newest: Any = configuration.version
    return [
        HubRuns(hub=one.hub, newest=one.applied == newest or not newest, ignored=one.ignored)
        for one in configuration.hubs
    ]
