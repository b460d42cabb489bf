"""Erases a home, or one of its people, so that no trace is left: asked twice, done at once."""

from hmac import compare_digest

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.configurations import Configurations
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.second_factor import SecondFactors
from api.people.sql import SQL
from api.refusals import Invalid, NotAllowed, NotFound
from api.store.database import Database

ORGANISATION = "organisation"


class EraseRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That somebody means it.

    Attributes:
        confirm: The identifier of the home, or of the resident, typed out.
        code: Of the second factor, as the app shows it now.
    """

    confirm: str
    code: str


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows went."""

    rows: int


class Erasures:
    """Lets go of people."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        second_factors: SecondFactors,
        configurations: Configurations,
    ) -> None:
        self._database = database
        self._clock = clock
        self._second_factors = second_factors
        self._configurations = configurations

    async def home(self, home: str, asked: EraseRequest, by: Member) -> Erased:
        """Erases a home with all that is known of it, and revokes its hubs.

        The audit log keeps that it was done, by whom and when, under the home's pseudonym.

        Raises:
            NotAllowed: Who asks may not, or is a program.
            Invalid: It was not confirmed, or the code is wrong.
            Conflict: Who asks has no second factor.
            NotFound: There is no such home.
        """
        await self._sure(home, asked, by)
        now = self._clock()
        async with self._database.transaction(by.reach, long=True) as connection:
            organisation = await connection.fetchval(SQL.organisation, home)
            if organisation is None:
                raise NotFound(f"There is no home {home}.")
            rows = await connection.fetchval(SQL.erase_home, home, now)
            await note(connection, now, "home.erase", ORGANISATION, organisation, detail=home)
        return Erased(rows=rows)

    async def resident(self, home: str, resident: str, asked: EraseRequest, by: Member) -> Erased:
        """Erases one of a home's people: who they are, what is on record, what they agreed to.

        What sensors told is of the home, not of one of its people, and stays.

        Raises:
            NotAllowed, Invalid, Conflict, NotFound: As of :meth:`home`.
        """
        await self._sure(resident, asked, by)
        now = self._clock()
        async with self._database.transaction(by.reach, long=True) as connection:
            rows = await connection.fetchval(SQL.erase_resident, home, resident)
            if not rows:
                raise NotFound(f"Home {home} has no resident {resident}.")
            await self._configurations.renew(connection, home, by.id)
            await note(connection, now, "resident.erase", HOME, home, detail=resident)
        return Erased(rows=rows)

    async def _sure(self, name: str, asked: EraseRequest, by: Member) -> None:
        by.demand(Permission.ERASE_PEOPLE)
        if by.token:
            raise NotAllowed("Only who is signed in may do that, not a program with a token.")
        if not compare_digest(asked.confirm.strip().encode(), name.encode()):
            raise Invalid(f"Type {name} to confirm.")
        await self._second_factors.prove(by, asked.code)
