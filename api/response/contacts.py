"""Whom to call: the person, those near to them, and who has a key; all of it sealed at rest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.phones import Own, own_numbers
from api.people.sealing import Sealing
from api.refusals import Conflict, Invalid, NotFound
from api.response.availability import available
from api.response.plan import PlanStep, StepKind, Whom
from api.response.plans import found_home
from api.response.sql import SQL
from api.response.views import Contact, ContactBody, PutContact
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.stored import Unreadable, read_stored

MOST_CONTACTS = 30
ON_RECORD = 0
"""Stands for the person where no contact is theirs, but their number is on record."""
UNREAD = "A contact that this version of the centre cannot read"


class Contacts:
    """The contacts of homes.

    Args:
        database: Where they are.
        clock: Decides who is available.
        cover: Seals them.
        sealing: Opens who lives there: the person's own numbers are on record with the residents.
    """

    def __init__(self, database: Database, clock: Clock, cover: Cover, sealing: Sealing) -> None:
        self._database = database
        self._clock = clock
        self._cover = cover
        self._sealing = sealing

    async def of_home(self, by: Member, home: str) -> list[Contact]:
        """A home's contacts in their order; without numbers for who may not call.

        Raises:
            NotFound: There is no such home within reach.
        """
        async with self._database.transaction(by.reach) as connection:
            found = await self.read(connection, home, self._clock())
            await note(connection, self._clock(), "contacts.read", HOME, home)
        return shown(found, by)

    async def add(self, by: Member, home: str, asked: PutContact) -> int:
        """Adds a contact; its number.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home within reach.
            Invalid: The centre has no key, or the home has enough contacts.
            Conflict: There is already an entry for the person.
        """
        by.demand(Permission.SET_RESPONSE)
        body = self._closed(asked, home)
        async with self._database.transaction(by.reach) as connection:
            await found_home(connection, home)
            await self._check_own(connection, home, asked)
            if len(await connection.fetch(SQL.contacts, home)) >= MOST_CONTACTS:
                raise Invalid(f"A home has at most {MOST_CONTACTS} contacts.")
            now = self._clock()
            try:
                number: int = await connection.fetchval(
                    SQL.contact_add, home, asked.person, asked.keyholder, asked.position, body,
                    by.id, now,
                )  # fmt: skip
            except asyncpg.UniqueViolationError as error:
                raise _second_person() from error
            await note(connection, now, "contact.add", HOME, home, detail=f"{number}")
        return number

    async def put(self, by: Member, home: str, contact: int, asked: PutContact) -> None:
        """Sets a contact anew.

        Raises:
            NotAllowed, NotFound, Invalid: As :meth:`add`.
            Conflict: As :meth:`add`, or somebody changed it since `asked.version`.
        """
        by.demand(Permission.SET_RESPONSE)
        body = self._closed(asked, home)
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            await self._check_own(connection, home, asked)
            try:
                done = await connection.fetchval(
                    SQL.contact_put, home, contact, asked.version, asked.person, asked.keyholder,
                    asked.position, body, by.id, now,
                )  # fmt: skip
            except asyncpg.UniqueViolationError as error:
                raise _second_person() from error
            if done is None:
                await self._missing(connection, home, contact)
            await note(connection, now, "contact.put", HOME, home, detail=f"{contact}")

    async def remove(self, by: Member, home: str, contact: int, version: int) -> None:
        """Takes a contact off the lists; where staff had called them, their name stays on record.

        Raises:
            NotAllowed, NotFound: As :meth:`add`.
            Conflict: Somebody changed it since `version`.
        """
        by.demand(Permission.SET_RESPONSE)
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.contacts, home)
            found = next((row for row in rows if row["contact"] == contact), None)
            now = self._clock()
            kept = self._kept(found) if found else b""
            if not await connection.fetchval(SQL.contact_drop, home, contact, version, kept, now):
                await self._missing(connection, home, contact)
            await note(connection, now, "contact.remove", HOME, home, detail=f"{contact}")

    async def read(self, connection: Connection, home: str, now: datetime) -> list[Contact]:
        """A home's contacts, whole, in a transaction within reach that notes it.

        Raises:
            NotFound: There is no such home within reach.
        """
        zone = (await found_home(connection, home))["time_zone"]
        rows = await connection.fetch(SQL.contacts, home)
        own = await own_numbers(connection, home, self._sealing)
        return _with_own([self._contact(row, now, zone) for row in rows], own)

    async def _check_own(self, connection: Connection, home: str, asked: PutContact) -> None:
        """One truth: the person's number is with the resident, wherever one is on record."""
        if not (asked.person and asked.numbers):
            return
        own = await own_numbers(connection, home, self._sealing)
        if own and asked.numbers != [one.phone for one in own]:
            raise Invalid("The person's number is on record with the resident: change it there.")

    def name(self, sealed: bytes | None, home: str) -> str:
        """What somebody is called by a contact's sealed body, also of one who was removed."""
        return self._opened(sealed, home).name if sealed else ""

    def _opened(self, sealed: bytes, home: str) -> ContactBody:
        try:
            opened = self._cover.opened(sealed, place_of_contacts(home))
            return read_stored(opened, ContactBody).known
        except Unreadable:
            return ContactBody(name=UNREAD)

    def _kept(self, row: Mapping[str, Any]) -> bytes:
        """What stays of a contact who is removed: enough to say who was called."""
        body = self._opened(row["body"], row["home"])
        return self._sealed(ContactBody(name=body.name, relation=body.relation), row["home"])

    def _sealed(self, body: ContactBody, home: str) -> bytes:
        return self._cover.secret(msgspec.json.encode(body).decode(), place_of_contacts(home))

    def _contact(self, row: Mapping[str, Any], now: datetime, zone: str) -> Contact:
        body = self._opened(row["body"], row["home"])
        return Contact(
            **msgspec.structs.asdict(body), contact=row["contact"], version=row["version"],
            person=row["person"], keyholder=row["keyholder"], position=row["position"],
            available=available(body.hours, body.exceptions, now, zone),
        )  # fmt: skip

    def _closed(self, asked: PutContact, home: str) -> bytes:
        if "\0" in f"{asked.name}{asked.relation}{asked.note}":
            raise Invalid("A contact cannot hold a NUL character.")
        for one in asked.exceptions:
            if one.last < one.first:
                raise Invalid("An exception ends on the day it begins, or later.")
        kept = {name: getattr(asked, name) for name in ContactBody.__struct_fields__}
        return self._sealed(ContactBody(**kept), home)

    async def _missing(self, connection: Connection, home: str, contact: int) -> None:
        rows = await connection.fetch(SQL.contacts, home)
        if contact not in {row["contact"] for row in rows}:
            raise NotFound(f"Home {home} has no contact {contact}.")
        raise Conflict("Somebody has changed this contact since you looked at it. Look again.")


def _with_own(contacts: list[Contact], own: Sequence[Own]) -> list[Contact]:
    """The person's entry with the numbers on record; with an entry, where there is none."""
    if not own:
        return contacts
    numbers = [one.phone for one in own]
    if any(one.person for one in contacts):
        return [
            msgspec.structs.replace(one, numbers=numbers) if one.person else one for one in contacts
        ]
    person = Contact(
        contact=ON_RECORD, name=", ".join(one.called for one in own), numbers=numbers, person=True,
        position=0, available=True,
    )  # fmt: skip
    return [person, *contacts]


def shown(contacts: Sequence[Contact], by: Member) -> list[Contact]:
    """Contacts as somebody may see them: who may not call sees no number."""
    if by.may(Permission.READ_NUMBERS):
        return list(contacts)
    return [msgspec.structs.replace(one, numbers=[], note="") for one in contacts]


def people(step: PlanStep, contacts: Sequence[Contact]) -> list[Contact]:
    """Whom a step is to reach, in order; those who are not available now last.

    In the place of a contact who was removed are the others, so that somebody is called.
    """
    if step.kind in {StepKind.TELL_SERVICE, StepKind.BOOK_VISIT} and step.name:
        return []
    if step.contact is not None:
        named = [one for one in contacts if one.contact == step.contact]
        found = named or [one for one in contacts if not one.person]
    elif step.whom is Whom.PERSON:
        return [one for one in contacts if one.person]
    elif step.whom is Whom.KEYHOLDERS:
        found = [one for one in contacts if one.keyholder and not one.person]
    else:
        found = [one for one in contacts if not one.person] if step.whom is Whom.CONTACTS else []
    return sorted(found, key=lambda one: not one.available)


def gone(step: PlanStep, contacts: Sequence[Contact]) -> bool:
    """Whether the one contact that a step names is none of the home's any more."""
    return step.contact is not None and step.contact not in {one.contact for one in contacts}


def place_of_contacts(home: str) -> str:
    """What contacts are sealed to."""
    return f"contact/{home}"


def _second_person() -> Conflict:
    return Conflict("This home already has an entry for the person who lives there.")
