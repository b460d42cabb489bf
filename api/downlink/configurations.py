"""What a home's hubs are to be set to: what staff put, and what its alerts turned out to be.

Each change is a new version with a digest. A version is made in the transaction of what it comes
from, under a lock on the home, so that none is skipped, none is made twice and no outcome is lost.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.own import OWN
from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.sql import SQL
from api.downlink.views import ConfigurationDetail, HubStanding
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.reach import Reach
from api.store.zones import check_zone
from contract import Condition, ContractError, HomeSettings, Outcome, decode, encode
from contract.downlink import MAX_OUTCOMES, MAX_SETTINGS_BYTES, RecordedOutcome, digest_of
from contract.outcomes import OUTCOMES
from contract.vocabulary import MAY_BE_OFF

OUTCOME_LIFETIME = timedelta(days=730)
"""An older outcome has lost its say: it halves every three months."""
MOST_OUTCOMES = 200
MOST_PUT = MAX_OUTCOMES - MOST_OUTCOMES
"""Outcomes that staff may put: with those of alerts, as many as the contract allows."""
MOST_PUT_BYTES = MAX_SETTINGS_BYTES - MOST_OUTCOMES * 80
"""What staff put may have so many bytes, so that the outcomes of alerts have room beside it."""
_TELLING = [code for code, one in OUTCOMES.items() if one.is_told]
"""The others say nothing of the person: nobody was reached, or it was a test."""
_TAUGHT = [condition for condition in Condition if condition not in OWN]
"""What hubs judge; the silence of a hub, or that it starts over and over, the centre judges."""


Sensors: TypeAlias = list[dict[str, Any]]
"""`[[sensors]]`, an entry each."""

Adds = Callable[[Connection, str, HomeSettings], Awaitable[HomeSettings]]
"""What the centre knows of a home besides, laid over what staff put; within the transaction."""


class Configurations:
    """The configurations of the centre's homes.

    Args:
        adds: What other rooms of the centre add to each.
    """

    def __init__(self, database: Database, clock: Clock, adds: Sequence[Adds] = ()) -> None:
        self._database = database
        self._clock = clock
        self._adds = adds

    async def put(self, home: str, body: bytes, by: Member, *, seen: int) -> ConfigurationDetail:
        """Sets what staff want of a home.

        The same again makes no new version, unless a hub could not run with the newest: what stood
        in its way may have been mended.

        Args:
            home: Which.
            body: :class:`contract.HomeSettings` as JSON; it takes the place of what was put before.
            by: Who puts it: a supervisor or administrator.
            seen: The edition that was looked at, 0 where staff had put nothing. Where somebody has
                put another since, nothing is changed. What alerts turn out to be does not count.

        Raises:
            NotAllowed: The role does not allow it.
            Invalid: The contract does not allow it; the sentence says what is wrong.
            NotFound: There is no such home.
            Conflict: Somebody else has changed it meanwhile.
        """
        by.demand(Permission.PUT_CONFIGURATION)
        settings = read_settings(body)
        return await self._put(home, by, seen, lambda _: settings)

    async def put_sensors(
        self, home: str, sensors: Callable[[Sensors], Sensors], by: Member, *, seen: int
    ) -> ConfigurationDetail:
        """Sets which sensors a home has, and leaves all else as staff put it.

        Args:
            home: Which.
            sensors: What the list is to be, of what it is; may refuse.
            by: Who fits them.
            seen: As :meth:`put`.

        Raises:
            NotAllowed: The role does not allow it.
            Invalid: The contract does not allow it; the sentence says what is wrong.
            NotFound: There is no such home.
            Conflict: Somebody else has changed the configuration meanwhile.
        """
        by.demand(Permission.FIT_SENSORS)

        def changed(put: HomeSettings) -> HomeSettings:
            listed = sensors(put.sensors or [])
            return read_settings(encode(msgspec.structs.replace(put, sensors=listed)))

        return await self._put(home, by, seen, changed)

    async def put_budget(
        self, home: str, budget: Mapping[str, float | None], by: Member, *, seen: int | None
    ) -> None:
        """Sets how many false alerts are borne of some conditions, and leaves all else.

        Args:
            home: Which.
            budget: False alerts per person-month by condition; None for the usual number.
            by: Who does.
            seen: As :meth:`put`; None whatever staff have put since.

        Raises:
            NotAllowed, Invalid, NotFound, Conflict: As :meth:`put`.
        """
        by.demand(Permission.PUT_CONFIGURATION)

        def changed(put: HomeSettings) -> HomeSettings:
            said = {**(put.budget or {}), **budget}
            borne = {word: value for word, value in said.items() if value is not None}
            changed = msgspec.structs.replace(put, budget=borne or None)
            return read_settings(encode(changed))

        await self._put_in(home, by, seen, changed)

    async def _put(
        self, home: str, by: Member, seen: int, change: Callable[[HomeSettings], HomeSettings]
    ) -> ConfigurationDetail:
        await self._put_in(home, by, seen, change)
        return await self.of(by.reach, home)

    async def _put_in(
        self,
        home: str,
        by: Member,
        seen: int | None,
        change: Callable[[HomeSettings], HomeSettings],
    ) -> None:
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.lock_home, home)
            if row is None:
                raise NotFound(f"There is no home {home}.")
            edition, put = await _check_seen(connection, home, seen)
            settings, now = change(put), self._clock()
            await connection.execute(SQL.put_settings, home, encode(settings).decode(), now, by.id)
            if settings.time_zone is not None:
                await check_zone(connection, settings.time_zone)
                await connection.execute(SQL.set_time_zone, home, settings.time_zone)
            await self._compose(connection, home, now, by.id, put_now=True)
            await note(
                connection, now, "configuration.put", HOME, home, detail=f"edition {edition + 1}"
            )

    async def of(self, reach: Reach, home: str) -> ConfigurationDetail:
        """A home's configuration, and which version each of its hubs runs with.

        Raises:
            NotFound: There is no such home.
        """
        async with self._database.transaction(reach) as connection:
            if await connection.fetchrow(SQL.home, home) is None:
                raise NotFound(f"There is no home {home}.")
            put = await connection.fetchrow(SQL.settings, home)
            newest = await connection.fetchrow(SQL.newest, home)
            hubs = await _standing(connection, home)
            await note(connection, self._clock(), "configuration.read", HOME, home)
        shown = ConfigurationDetail(
            home=home,
            settings=decode(put["settings"], HomeSettings) if put else None,
            edition=put["edition"] if put else 0,
            hubs=hubs,
        )
        if newest is None:
            return shown
        return msgspec.structs.replace(
            shown,
            version=newest["version"],
            digest=newest["digest"],
            content=msgspec.Raw(newest["content"].encode()),
            made_at=newest["made_at"],
        )

    async def take_in_outcomes(self, connection: Connection, home: str) -> None:
        """Makes a new version where a resolved alert has changed what the hub should know.

        In the transaction that resolves the alert.
        """
        await self.renew(connection, home, None)

    async def renew(self, connection: Connection, home: str, by: int | None) -> None:
        """Makes a new version where what the centre adds has changed, in the transaction of that.

        `by` is who did it; None for the centre itself.
        """
        await connection.fetchrow(SQL.lock_home, home)
        await self._compose(connection, home, self._clock(), by)

    async def _compose(
        self,
        connection: Connection,
        home: str,
        now: datetime,
        by: int | None,
        *,
        put_now: bool = False,
    ) -> None:
        """Adds a version, unless the newest says the same. The home is locked."""
        put = await connection.fetchrow(SQL.settings, home)
        settings = decode(put["settings"], HomeSettings) if put else HomeSettings()
        found = await self._outcomes(connection, home, now)
        if found:
            settings = msgspec.structs.replace(settings, outcomes=_known(settings, found))
        for add in self._adds:
            settings = await add(connection, home, settings)
        newest = await connection.fetchrow(SQL.newest, home)
        if newest is None and not put and settings == HomeSettings():
            return
        content = encode(settings)
        digest = digest_of(content)
        again = put_now and await connection.fetchval(SQL.unwanted, home)
        if newest is not None and newest["digest"] == digest and not again:
            return
        version = await connection.fetchval(SQL.next_version, home)
        await connection.execute(SQL.add_version, home, version, digest, content.decode(), now, by)
        await connection.execute(SQL.tell_home, home)

    @staticmethod
    async def _outcomes(connection: Connection, home: str, now: datetime) -> list[RecordedOutcome]:
        row = await connection.fetchrow(SQL.home, home)
        zone = ZoneInfo(row["time_zone"])
        rows = await connection.fetch(
            SQL.outcomes, home, now - OUTCOME_LIFETIME, _TELLING, _TAUGHT, MOST_OUTCOMES
        )
        return [
            RecordedOutcome(
                condition=one["condition"],
                outcome=one["outcome"],
                on=one["resolved_at"].astimezone(zone).date(),
            )
            for one in rows
        ]


def read_settings(body: bytes) -> HomeSettings:
    """What staff want of a home, as far as the contract can tell; the hub tells the rest.

    Raises:
        Invalid: It is not what it should be; the sentence says where.
    """
    if len(body) > MOST_PUT_BYTES:
        raise Invalid(f"A configuration holds at most {MOST_PUT_BYTES} bytes.")
    if rb"\u0000" in body:
        raise Invalid("A text must not hold a NUL character.")
    try:
        settings = decode(body, HomeSettings)
    except ContractError as error:
        raise Invalid(f"{error}.") from error
    if settings.unknown:
        known = ", ".join(name for name in HomeSettings.__struct_fields__ if name != "unknown")
        raise Invalid(f"{min(settings.unknown)} is no part of it; allowed are {known}.")
    if wrong := _wrong(settings):
        raise Invalid(wrong)
    return settings


def _wrong(settings: HomeSettings) -> str:
    """What the types alone cannot tell; empty where all is well."""
    if wrong := _wrong_words(settings):
        return wrong
    if len(settings.outcomes or []) > MOST_PUT:
        return f"outcomes holds at most {MOST_PUT}; the centre adds those of its alerts by itself."
    for one in settings.outcomes or []:
        if one.outcome not in set(Outcome):
            return f"{one.outcome!r} is no outcome; allowed are {', '.join(Outcome)}."
    for known in settings.context or []:
        if known.until is not None and known.until < known.since:
            return f"{known.situation} ends on {known.until}, before it begins on {known.since}."
    return ""


def _wrong_words(settings: HomeSettings) -> str:
    words = [*(settings.budget or {}), *(one.condition for one in settings.outcomes or [])]
    for word in words:
        if word not in set(Condition):
            return f"{word!r} is no condition; allowed are {', '.join(Condition)}."
    for word in settings.off or []:
        if word not in MAY_BE_OFF:
            return f"{word!r} cannot be switched off; {', '.join(MAY_BE_OFF)} can."
    return ""


def _known(settings: HomeSettings, found: list[RecordedOutcome]) -> list[RecordedOutcome]:
    """What staff put and what alerts gave, by day; what both say was one alert, and counts once."""
    put = {_by_day(one): one for one in settings.outcomes or []}
    either = Counter(map(_by_day, settings.outcomes or [])) | Counter(map(_by_day, found))
    named = put | {_by_day(one): one for one in found}
    return [named[key] for key in sorted(either.elements())][-MAX_OUTCOMES:]


def _by_day(one: RecordedOutcome) -> tuple[date, str, str]:
    return one.on, one.condition, one.outcome


async def _check_seen(
    connection: Connection, home: str, seen: int | None
) -> tuple[int, HomeSettings]:
    """What staff put and its edition, where that is what was looked at."""
    put = await connection.fetchrow(SQL.settings, home)
    edition = put["edition"] if put else 0
    if seen not in {None, edition}:
        raise Conflict(
            f"What staff put is at edition {edition} now, not {seen}. Look at it first.",
            edition=edition,
        )
    return edition, decode(put["settings"], HomeSettings) if put else HomeSettings()


async def _standing(connection: Connection, home: str) -> list[HubStanding]:
    rows = await connection.fetch(SQL.standing, home)
    applied = await connection.fetch(SQL.applied, [row["hub"] for row in rows])
    runs_with = {row["hub"]: row["version"] for row in applied}
    return [
        HubStanding(
            hub=row["hub"],
            applied=runs_with.get(row["hub"]),
            told=row["version"],
            state=row["state"] or "",
            reason=row["reason"] or "",
            ignored=list(row["ignored"] or []),
            reported_at=row["reported_at"],
            ahead_at=row["ahead_at"],
            ahead=row["ahead"],
        )
        for row in rows
    ]
