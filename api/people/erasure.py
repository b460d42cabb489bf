"""Erases a home, or one of its people, so that no trace is left: asked twice, done at once."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.configurations import Configurations
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.second_factor import SecondFactors
from api.people.export import Opener
from api.people.naming import Naming
from api.people.sealing import Sealing
from api.people.sql import SQL
from api.people.views import Words
from api.refusals import Invalid, NotAllowed, NotFound
from api.store.database import Connection, Database
from api.store.reach import CENTRE

ORGANISATION = "organisation"
STRUCK = ("response_attempt", "key_safe_look", "cohort_contact")
"""Rows that stay without their words: that somebody tried, looked or called is a record of care."""
Striker = Callable[[Connection, str, Naming], Awaitable[None]]
"""Strikes somebody out of all that is kept sealed of a home, with the rights of the centre."""


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


@dataclass(frozen=True)
class Along:
    """What staff wrote down of a home that goes with one of its people, opened.

    Attributes:
        contacts: Their own entry, and one that they share.
        tasks: Those that name them, or whose end does.
        struck: Notes on attempts and on calls from a list, and reasons for looks at the key safe,
            that name them.
    """

    contacts: tuple[Words, ...] = ()
    tasks: tuple[Words, ...] = ()
    struck: tuple[Words, ...] = ()

    @classmethod
    def of(cls, words: Iterable[Words], naming: Naming) -> "Along":
        """Chooses among all the words of a home."""
        found = list(words)
        return cls(
            contacts=tuple(
                one for one in found
                if one.table == "contact" and isinstance(one.words, Mapping)
                and naming.is_theirs(f"{one.words['name']}")
            ),
            tasks=_naming(found, {"follow_up"}, naming),
            struck=_naming(found, STRUCK, naming),
        )  # fmt: skip

    @property
    def rows(self) -> list[list[int]]:
        """Numbers of contacts, of tasks, and of each of `STRUCK`."""
        struck = [[one.number for one in self.struck if one.table == table] for table in STRUCK]
        whole = (self.contacts, self.tasks)
        return [*([one.number for one in each] for each in whole), *struck]


class Erasures:
    """Lets go of people.

    Args:
        database: Where everything is.
        clock: The centre's.
        second_factors: Asked before anybody is erased.
        configurations: What hubs are told.
        sealing: Opens who lives there.
        opener: Opens what other rooms keep sealed of a home.
        striker: Strikes out of it who is erased.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        second_factors: SecondFactors,
        configurations: Configurations,
        *,
        sealing: Sealing,
        opener: Opener | None = None,
        striker: Striker | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._second_factors = second_factors
        self._configurations = configurations
        self._sealing = sealing
        self._opener = opener
        self._striker = striker

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

        What staff wrote down of them goes along (:class:`Along`), all else that names them says
        ``[erased]`` instead, and no message to a person of the home goes out any more. What sensors
        told is of the home, not of one of its people, and stays.

        Raises:
            NotAllowed, Invalid, Conflict, NotFound: As of :meth:`home`.
        """
        await self._sure(resident, asked, by)
        now = self._clock()
        async with self._database.transaction(by.reach, long=True) as connection:
            await connection.execute(SQL.lock_home_whole, home)
            naming, along = await self._along(connection, home, resident)
            rows = await connection.fetchval(SQL.erase_resident, home, resident)
            if not rows:
                raise NotFound(f"Home {home} has no resident {resident}.")
            rows += await connection.fetchval(SQL.strike_out, home, *along.rows, now)
            if naming is not None and self._striker is not None:
                await connection.execute(CENTRE.sql)  # history is changed by nobody else
                await self._striker(connection, home, naming)
                await connection.execute(by.reach.sql, *by.reach.arguments)
            await self._configurations.renew(connection, home, by.id)
            await note(connection, now, "resident.erase", HOME, home, detail=resident)
        return Erased(rows=rows)

    async def along(self, home: str, resident: str, by: Member) -> Along:
        """What would go with somebody, to be looked at before they are erased.

        Raises:
            NotAllowed: The role does not allow it.
        """
        by.demand(Permission.ERASE_PEOPLE)
        async with self._database.transaction(by.reach) as connection:
            _, found = await self._along(connection, home, resident)
            await note(connection, self._clock(), "people.read", HOME, home)
        return found

    async def _along(
        self, connection: Connection, home: str, resident: str
    ) -> tuple[Naming | None, Along]:
        rows = await connection.fetch(SQL.residents, home)
        opened = {
            f"{row['resident']}": self._sealing.open_identity(f"{row['resident']}", row["sealed"])
            for row in rows
        }
        leaves = opened.pop(resident, None)
        if leaves is None or self._opener is None:  # who cannot be opened is named nowhere
            return None, Along()
        words = await self._opener(connection, home)
        naming = _with_numbers(Naming.of(leaves, [one for one in opened.values() if one]), words)
        return naming, Along.of(words, naming)

    async def _sure(self, name: str, asked: EraseRequest, by: Member) -> None:
        by.demand(Permission.ERASE_PEOPLE)
        if by.token:
            raise NotAllowed("Only who is signed in may do that, not a program with a token.")
        if not compare_digest(asked.confirm.strip().encode(), name.encode()):
            raise Invalid(f"Type {name} to confirm.")
        await self._second_factors.prove(by, asked.code)


def _naming(words: Iterable[Words], tables: Collection[str], naming: Naming) -> tuple[Words, ...]:
    return tuple(one for one in words if one.table in tables and naming.speaks_of(f"{one.words}"))


def _with_numbers(naming: Naming, words: Iterable[Words]) -> Naming:
    """With the numbers of their own entry among the contacts, but for those of other entries."""
    numbers: dict[bool, list[str]] = {True: [], False: []}
    for one in words:
        if one.table == "contact" and isinstance(one.words, Mapping):
            numbers[naming.is_theirs(f"{one.words['name']}")] += one.words.get("numbers", [])
    return naming.also(numbers[True], numbers[False])
