"""Residents: who they are, what is on record of them, what they agreed to."""

import uuid
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.configurations import Configurations
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people import consent
from api.people.composing import local_day
from api.people.identity import Identity, band_on, checked
from api.people.risk import RiskRecord
from api.people.sealing import Sealing
from api.people.sql import SQL
from api.people.views import ConsentVersion, Resident, RiskVersion
from api.refusals import Conflict, NotFound
from api.store.database import Connection, Database
from api.store.stored import read_stored

MOST = 8
"""People in one home."""


class Residents:
    """The residents of the centre's homes."""

    def __init__(
        self, database: Database, clock: Clock, sealing: Sealing, configurations: Configurations
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealing = sealing
        self._configurations = configurations

    async def add(self, home: str, identity: Identity, by: Member) -> str:
        """Puts somebody on record; the pseudonym.

        Raises:
            NotAllowed, Invalid, NotFound: As they say.
            Conflict: The centre has no key, or the home has too many already.
        """
        by.demand(Permission.SET_PEOPLE)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            day = await self._lock_home(connection, home)
            if len(await connection.fetch(SQL.residents, home)) >= MOST:
                raise Conflict(f"A home has at most {MOST} residents on record.")
            tidy, name = checked(identity, day), f"{uuid.uuid4()}"
            sealed = self._sealing.identity(name, tidy)
            await connection.execute(
                SQL.add_resident, name, home, sealed, band_on(tidy.born, day),
                day if tidy.born else None, now, by.id,
            )  # fmt: skip
            await self._configurations.renew(connection, home, by.id)
            await note(connection, now, "resident.add", HOME, home, detail=name)
        return name

    async def change(
        self, home: str, resident: str, identity: Identity, by: Member, *, seen: int
    ) -> None:
        """Sets who somebody is, as a whole; `seen` is the version that was looked at.

        Raises:
            NotAllowed, Invalid, NotFound: As they say.
            Conflict: Somebody else has changed it since, or the centre has no key.
        """
        by.demand(Permission.SET_PEOPLE)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            day = await self._lock_home(connection, home)
            row = await self._lock(connection, home, resident)
            check_seen(row["version"], seen)
            tidy = checked(identity, day)
            sealed = self._sealing.identity(resident, tidy)
            await connection.execute(
                SQL.change_resident, resident, sealed, band_on(tidy.born, day),
                day if tidy.born else None, now, by.id,
            )  # fmt: skip
            await self._configurations.renew(connection, home, by.id)
            await note(connection, now, "resident.change", HOME, home, detail=resident)

    async def put_risk(
        self, home: str, resident: str, record: RiskRecord, by: Member, *, seen: int
    ) -> None:
        """Adds a version of the risk profile, and of the configuration of the home's hubs.

        Raises:
            NotAllowed, NotFound: As they say.
            Conflict: Somebody else has put another since.
        """
        by.demand(Permission.SET_PEOPLE)
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            await self._lock_home(connection, home)
            await self._lock(connection, home, resident)
            check_seen(await connection.fetchval(SQL.newest_profile, resident), seen)
            said = msgspec.json.encode(record).decode()
            await connection.execute(SQL.add_profile, resident, seen + 1, said, now, by.id)
            await self._configurations.renew(connection, home, by.id)
            detail = f"{resident} version {seen + 1}"
            await note(connection, now, "risk.put", HOME, home, detail=detail)

    async def agree(self, home: str, resident: str, scope: consent.Scope, by: Member) -> None:
        """Adds a version of what somebody agreed to; what they left out is switched off.

        Raises:
            NotAllowed, Invalid, NotFound: As they say.
            Conflict: Somebody else has put another since, or the centre has no key.
        """
        by.demand(Permission.SET_PEOPLE)
        async with self._database.transaction(by.reach) as connection:
            day = await self._lock_home(connection, home)
            await self._lock(connection, home, resident)
            last = await connection.fetchrow(SQL.newest_consent, resident)
            check_seen(last["version"] if last else 0, scope.seen)
            whole = msgspec.to_builtins(consent.checked(scope, day))
            said = consent.Said(who=scope.who.strip(), note=scope.note.strip())
            row = {**whole, "given_on": scope.given_on, "expires_on": scope.expires_on}
            await self._add(connection, home, resident, "given", row, by=by, said=said)

    async def withdraw(self, home: str, resident: str, by: Member, *, reason: str = "") -> None:
        """Adds the version that takes a consent back; it holds from now on.

        Raises:
            NotAllowed, NotFound: As they say.
            Conflict: There is none to take back.
        """
        by.demand(Permission.SET_PEOPLE)
        async with self._database.transaction(by.reach) as connection:
            await self._lock_home(connection, home)
            await self._lock(connection, home, resident)
            last = await connection.fetchrow(SQL.newest_consent, resident)
            if last is None or last["state"] == "withdrawn":
                raise Conflict("There is no consent to take back.")
            said = consent.Said(note=reason.strip()) if reason.strip() else None
            await self._add(connection, home, resident, "withdrawn", last, by=by, said=said)

    async def _add(
        self,
        connection: Connection,
        home: str,
        resident: str,
        state: str,
        row: Mapping[str, Any],
        *,
        by: Member,
        said: consent.Said | None,
    ) -> None:
        now = self._clock()
        version = (row["seen"] if "seen" in row else row["version"]) + 1
        sealed = self._sealing.said(resident, version, said) if said else None
        await connection.execute(
            SQL.add_consent, resident, version, state, list(row["conditions"]),
            list(row["sensors"]), list(row["purposes"]), row["given_by"], row["given_on"],
            row["expires_on"], sealed, now, by.id,
        )  # fmt: skip
        await self._configurations.renew(connection, home, by.id)
        detail = f"{resident} version {version}"
        await note(connection, now, f"consent.{state}", HOME, home, detail=detail)

    async def _lock_home(self, connection: Connection, home: str) -> date:
        """The home's day; its row is locked."""
        row = await connection.fetchrow(SQL.lock_home, home)
        if row is None:
            raise NotFound(f"There is no home {home}.")
        day: date = local_day(self._clock(), row["time_zone"])
        return day

    @staticmethod
    async def _lock(connection: Connection, home: str, resident: str) -> Mapping[str, Any]:
        row: Mapping[str, Any] | None = await connection.fetchrow(SQL.lock_resident, home, resident)
        if row is None:
            raise NotFound(f"Home {home} has no resident {resident}.")
        return row


async def read(connection: Connection, home: str, sealing: Sealing) -> list[Resident]:
    """Everybody in a home, with every version of what is on record. Whoever asks notes it."""
    rows = await connection.fetch(SQL.residents, home)
    risk = _by_resident(await connection.fetch(SQL.profiles, home))
    consents = _by_resident(await connection.fetch(SQL.consents, home))
    return [
        Resident(
            resident=f"{row['resident']}",
            version=row["version"],
            identity=sealing.open_identity(f"{row['resident']}", row["sealed"]),
            age=row["age"],
            added_at=row["added_at"],
            changed_at=row["changed_at"],
            risk=[_risk(one) for one in risk.get(row["resident"], [])],
            consents=[_consent(one, sealing) for one in consents.get(row["resident"], [])],
        )
        for row in rows
    ]


def check_seen(version: int, seen: int) -> None:
    """Goes on where nobody else was quicker.

    Raises:
        Conflict: Somebody was.
    """
    if version != seen:
        raise Conflict(f"It is at version {version} now, not {seen}. Look at it first.")


def _by_resident(rows: list[Any]) -> dict[uuid.UUID, list[Any]]:
    return {who: list(of) for who, of in groupby(rows, key=itemgetter("resident"))}


def _risk(row: Mapping[str, Any]) -> RiskVersion:
    kept = read_stored(row["profile"], RiskRecord)
    return RiskVersion(
        version=row["version"],
        record=kept.known,
        unread=sorted(kept.beyond),
        put_at=row["put_at"],
        by=row["by"] or "",
    )


def _consent(row: Mapping[str, Any], sealing: Sealing) -> ConsentVersion:
    said = sealing.open_said(f"{row['resident']}", row["version"], row["sealed"])
    fields: dict[str, Any] = {
        key: row[key]
        for key in (
            "version", "state", "conditions", "sensors", "purposes", "given_by", "given_on",
            "expires_on", "put_at",
        )
    }  # fmt: skip
    return ConsentVersion(**fields, who=said.who, note=said.note, by=row["by"] or "")
