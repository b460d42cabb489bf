"""Finds resources: one by its id, or a page of those that a search asks for."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from api.audit.note import HOME, note
from api.clock import Clock
from api.exports import rows
from api.fhir.resources import KINDS, Kind, Resource
from api.fhir.search import MOST, ZONE, Span, Wanted, read, read_cursor, write_cursor
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.consent import Purpose
from api.people.sharing import Shared, shared
from api.refusals import NotFound
from api.store.database import Connection, Database

_ENTRY = re.compile(r"([0-9]{1,17})-([0-9]{1,17})", re.ASCII)
_PSEUDONYM = 36
"""Characters of a pseudonym, with which ids begin."""


class Found(NamedTuple):
    """One page.

    Attributes:
        resources: What is on it.
        next: The cursor of the next; empty after the last.
        left_out: How many homes the search is about that may not be shared.
    """

    resources: list[Resource]
    next: str
    left_out: int = 0


class Fhir:
    """What other systems of care read.

    Args:
        database: Where the rows are.
        clock: A day's counts are told once the day is over.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def search(self, by: Member, name: str, parameters: Iterable[tuple[str, str]]) -> Found:
        """One page of a type.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such type.
            Invalid: A parameter is not understood.
        """
        kind = self._kind(by, name)
        wanted = read(kind, parameters)
        if wanted.identified:
            by.demand(Permission.IDENTIFY)
        after = read_cursor(kind.source, wanted.cursor)
        async with self._database.transaction(by.whole_reach) as connection:
            found = await self._page(connection, kind, wanted, after)
            await self._note(connection, name, await _whose(connection, wanted.patient))
        return found

    async def one(
        self, by: Member, name: str, number: str, *, identified: bool = False
    ) -> Resource:
        """One resource.

        Raises:
            NotAllowed: They may not.
            NotFound: There is none of that type and id within reach.
        """
        kind = self._kind(by, name)
        if identified:
            by.demand(Permission.IDENTIFY)
        async with self._database.transaction(by.whole_reach) as connection:
            wanted = Wanted(number=number, identified=identified)
            found = (await self._page(connection, kind, wanted, kind.source.first)).resources
            if not found:
                raise NotFound(f"There is no {name} {number[:64]} that may be shared.")
            await self._note(connection, name, await _whose(connection, number[:_PSEUDONYM]))
        return found[0]

    @staticmethod
    def _kind(by: Member, name: str) -> Kind:
        by.demand(Permission.READ_FHIR)
        if name not in KINDS:
            raise NotFound(f"There is no type {name[:64]} here; there are {', '.join(KINDS)}.")
        by.demand(KINDS[name].permission)
        return KINDS[name]

    async def _page(
        self, connection: Connection, kind: Kind, wanted: Wanted, after: tuple[Any, ...]
    ) -> Found:
        home = None
        if wanted.patient is not None:
            home = await _whose(connection, wanted.patient)
            if home is None:
                return Found([], "")
        agreed = await may_be_read(connection, self._clock(), home)
        if wanted.number is not None:
            one = await self._by_id(connection, kind, wanted, home, agreed)
            return Found(one, "", agreed.left_out if home else 0)
        asked = until_now(wanted.asked(home), kind.source, self._clock())
        asked = asked._replace(homes=agreed.homes)
        found = await rows.fetch(connection, kind.source, asked, after, wanted.size)
        made = [kind.make(row, wanted.identified) for row in found]
        full = len(found) == wanted.size
        return Found(
            [one for one in made if one is not None],
            write_cursor(rows.key_of(kind.source, found[-1])) if full else "",
            agreed.left_out,
        )

    async def _by_id(
        self,
        connection: Connection,
        kind: Kind,
        wanted: Wanted,
        of: str | None,
        agreed: Shared,
    ) -> list[Resource]:
        number = wanted.number or ""
        after: tuple[Any, ...]
        after, limit = kind.source.first, MOST
        if kind.source is rows.ALERTS:
            if not (number.isascii() and number.isdecimal() and len(number) < 18):  # noqa: PLR2004 - below 2**63
                return []
            after, limit, home = (int(number) - 1,), 1, of
        elif kind.source is rows.AUDIT:
            if (entry := _ENTRY.fullmatch(number)) is None:
                return []
            after, limit, home = (int(entry[1]), int(entry[2]) - 1), 1, of
        else:
            home = await _whose(connection, number[:_PSEUDONYM])
            if home is None or (of is not None and of != home):
                return []
        narrow = wanted.date.within(_day_of(number)) if kind.source is rows.COUNTS else wanted.date
        asked = until_now(wanted._replace(date=narrow).asked(home), kind.source, self._clock())
        asked = asked._replace(homes=agreed.homes)
        found = await rows.fetch(connection, kind.source, asked, after, limit)
        made = (kind.make(row, wanted.identified) for row in found)
        return [one for one in made if one is not None and one["id"] == number]

    async def _note(self, connection: Connection, name: str, home: str | None) -> None:
        now = self._clock()
        if home is None:
            await note(connection, now, "fhir.read", "fhir", name)
        else:
            await note(connection, now, "fhir.read", HOME, home, detail=name)


async def may_be_read(connection: Connection, now: datetime, home: str | None = None) -> Shared:
    """The homes within reach whose people have agreed that other systems of care read them."""
    return await shared(connection, Purpose.HEALTH_RECORD, now, home=home)


def until_now(asked: rows.Asked, source: rows.Source, now: datetime) -> rows.Asked:
    """Without the day that is not over, whose counts are not final."""
    if source is not rows.COUNTS:
        return asked
    over = now + timedelta(microseconds=1)
    return asked._replace(changed_until=min(asked.changed_until or over, over))


def _day_of(number: str) -> Span:
    """The day that stands in an Observation's id; a span of nothing where there is none."""
    digits = number[_PSEUDONYM + 1 : _PSEUDONYM + 9]
    try:
        day = date.fromisoformat(digits)
        begins = datetime.combine(day, time(), ZONE)
        return Span(begins, datetime.combine(day + timedelta(days=1), time(), ZONE))
    except (ValueError, OverflowError):
        return Span(rows.EVER, rows.EVER)


async def _whose(connection: Connection, pseudonym: str | None) -> str | None:
    return None if pseudonym is None else await rows.home_of(connection, pseudonym)
