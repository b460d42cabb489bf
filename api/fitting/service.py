"""Finds out how far the fitting of a home has come; what is known elsewhere is not kept twice."""

import re
from dataclasses import dataclass

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.commands import line_of
from api.downlink.sql import SQL as DOWNLINK
from api.downlink.views import CommandLine
from api.fitting.judging import choose, fitted, is_quiet, list_of, read_health, walk_of
from api.fitting.views import (
    RECENT,
    Answered,
    Call,
    Certificate,
    FittedHub,
    Fitting,
    Found,
    SignedLine,
    TriedAlert,
    Why,
)
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from api.store.stored import Unreadable, read_stored
from contract import CommandKind, HomeSettings, decode

MOST_ASKED = 100
"""Commands of a kind that are looked at, the newest ones."""
MOST_SIGNED = 5
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True)
class _Sql:
    home: str
    hubs: str
    heard: str
    asked: str
    steps: str
    signed: str
    certificate: str
    known: str
    sign: str
    arrived: str
    calls: str
    add_call: str


SQL = load(_Sql)


class Fittings:
    """The fittings of the centre's homes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, by: Member, home: str, hub: str = "") -> Fitting:
        """How far the fitting of a home has come.

        Args:
            by: Who asks.
            home: Which.
            hub: Which of its hubs; without it the one that is being fitted most likely.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home, or no such hub at work in it.
        """
        by.demand(Permission.ADD_HUBS)
        async with self._database.transaction(by.reach) as connection:
            found = await self._look(connection, home, hub)
            await note(connection, self._clock(), "fitting.read", HOME, home)
        return found

    async def sign(self, by: Member, home: str, hub: str, *, key: str, why: str = "") -> None:
        """Keeps how hub and sensors stand now as the home's record of the fitting.

        Args:
            by: Who has fitted it.
            home: Which.
            hub: Which of its hubs.
            key: The form's own; sent again, it is the same sign-off.
            why: One of :class:`Why`, where something is open.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home, or no such hub at work in it.
            Invalid: Nobody has claimed the hub, or something is open and the reason is missing.
        """
        by.demand(Permission.ADD_HUBS)
        _check_key(key)
        async with self._database.transaction(by.reach) as connection:
            fitting = await self._look(connection, home, hub)
            if fitting.hub is None or fitting.hub.claimed_at is None:
                raise Invalid("No hub has claimed this place yet: there is nothing to sign off.")
            known = await connection.fetchval(SQL.known, home, key)
            if known is not None:  # its answer was lost on the way
                return
            open_now = fitting.open
            if open_now and why not in set(Why):
                raise Invalid("Something is not passed yet. Choose why it is signed off so.")
            found = Found(
                hub=fitting.hub, sensors=fitting.sensors or [], open=open_now,
                test_at=fitting.test.arrived_at if fitting.test else None, call=fitting.call,
            )  # fmt: skip
            kept, now = msgspec.json.encode(found).decode(), self._clock()
            name, said = fitting.hub.hub, why if open_now else ""
            number = await connection.fetchval(SQL.sign, home, name, key, now, by.id, said, kept)
            if number is None:  # the same form, sent twice at once
                return
            await connection.execute(DOWNLINK.tell_staff, name)
            detail = f"{number} of {name}, {len(open_now)} open"
            await note(connection, now, "fitting.sign", HOME, home, detail=detail)

    async def called(self, by: Member, home: str, *, key: str, answered: str) -> None:
        """Notes that a contact was called to try it, and whether somebody answered.

        Args:
            by: Who tried it.
            home: Whose contacts.
            key: The form's own; sent again, it is the same call.
            answered: One of :class:`Answered`.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home.
            Invalid: It is no such word.
        """
        by.demand(Permission.ADD_HUBS)
        _check_key(key)
        if answered not in set(Answered):
            raise Invalid("Choose who answered the test call.")
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchrow(SQL.home, home) is None:
                raise NotFound(f"There is no home {home}.")
            now = self._clock()
            number = await connection.fetchval(SQL.add_call, home, key, now, by.id, answered)
            if number is not None:
                await note(connection, now, "fitting.call", HOME, home, detail=answered)

    async def certificate(self, by: Member, home: str, number: int | None = None) -> Certificate:
        """A sign-off of the home, by number or the newest.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home, or it has no such sign-off.
        """
        by.demand(Permission.ADD_HUBS)
        async with self._database.transaction(by.reach) as connection:
            row = await connection.fetchrow(SQL.certificate, home, number)
            if row is None:
                raise NotFound(f"Home {home} has no such certificate.")
            await note(connection, self._clock(), "fitting.certificate", HOME, home)
        try:
            found = read_stored(row["found"], Found).known
        except Unreadable as error:
            raise Conflict("A newer version of the centre has signed it; ask that.") from error
        return Certificate(**{**row, "found": found})

    async def _look(self, connection: Connection, home: str, hub: str) -> Fitting:
        row = await connection.fetchrow(SQL.home, home)
        if row is None:
            raise NotFound(f"There is no home {home}.")
        hubs = await connection.fetch(SQL.hubs, home)
        chosen = choose(hubs, hub, self._clock())
        if chosen is None:
            if hub:
                raise NotFound(f"Home {home} has no hub {hub} at work.")
            return Fitting(home=home, **row)
        name = chosen["hub"]
        walks = await self._asked(connection, name, CommandKind.WALK_TEST)
        steps = await connection.fetch(SQL.steps, name, [one.id for one in walks])
        known = {row["sensor"]: row for row in await connection.fetch(SQL.heard, home)}
        signed = await connection.fetch(SQL.signed, name, MOST_SIGNED)
        health = read_health(chosen["health"])
        put = await connection.fetchrow(DOWNLINK.settings, home)
        settings = decode(put["settings"], HomeSettings) if put else HomeSettings()
        calls = await connection.fetch(SQL.calls, home, self._clock() - RECENT)
        return Fitting(
            home=home,
            **row,
            hub=FittedHub(
                hub=name,
                claimed_at=chosen["claimed_at"],
                code_expires_at=chosen["code_expires_at"],
                last_seen_at=chosen["last_seen_at"],
                software=health.software if health else "",
                quiet=is_quiet(chosen["last_seen_at"], health, self._clock()),
            ),
            others=[one["hub"] for one in hubs if one["hub"] != name],
            sensors=fitted(health.sensors if health else None, known, steps, self._clock()),
            told_at=health.at if health else None,
            listed=list_of(settings, hubs),
            edition=put["edition"] if put else 0,
            walk=walk_of(walks[0]) if walks else None,
            test=await self._test(connection, home, name),
            call=Call(**calls[0]) if calls else None,
            signed=[SignedLine(**row) for row in signed],
        )

    async def _test(self, connection: Connection, home: str, hub: str) -> TriedAlert | None:
        """The newest test alert, or the newest that has arrived."""
        asked = await self._asked(connection, hub, CommandKind.TEST)
        arrived = {
            row["ref"]: row["received_at"]
            for row in await connection.fetch(SQL.arrived, home, [one.alert for one in asked])
        }
        tried = [TriedAlert(command=one, arrived_at=arrived.get(one.alert)) for one in asked]
        return next((one for one in tried if one.arrived_at), tried[0] if tried else None)

    async def _asked(
        self, connection: Connection, hub: str, kind: CommandKind
    ) -> list[CommandLine]:
        """Its newer commands of a kind, the newest first."""
        now = self._clock()
        rows = await connection.fetch(SQL.asked, hub, kind, now - RECENT, MOST_ASKED)
        return [line_of(row, now) for row in rows]


def _check_key(key: str) -> None:
    if _KEY.fullmatch(key) is None:
        raise Invalid("The form has no key of its own. Load the page again.")
