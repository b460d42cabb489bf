"""Finds out how far the fitting of a home has come; what is known elsewhere is not kept twice."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.commands import line_of
from api.downlink.sql import SQL as DOWNLINK
from api.downlink.views import CommandLine
from api.fitting.views import (
    RECENT,
    Certificate,
    FittedHub,
    FittedSensor,
    Fitting,
    Found,
    SignedLine,
    Walk,
    Why,
)
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from contract import CommandKind, ContractError, HubHealth, Kind, SensorHealth, decode
from contract.downlink import WalkTest

MOST_ASKED = 100
"""Commands of a kind that are looked at, the newest ones."""
MOST_SIGNED = 5
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_MEASURES = frozenset({Kind.TEMPERATURE, Kind.HUMIDITY})
"""That a detector tells how warm it is does not show that it sees anybody."""


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
        if _KEY.fullmatch(key) is None:
            raise Invalid("The form has no key of its own. Load the page again.")
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
            found = Found(hub=fitting.hub, sensors=fitting.sensors or [], open=open_now)
            kept, now = msgspec.json.encode(found).decode(), self._clock()
            name, said = fitting.hub.hub, why if open_now else ""
            number = await connection.fetchval(SQL.sign, home, name, key, now, by.id, said, kept)
            if number is None:  # the same form, sent twice at once
                return
            await connection.execute(DOWNLINK.tell_staff, name)
            detail = f"{number} of {name}, {len(open_now)} open"
            await note(connection, now, "fitting.sign", HOME, home, detail=detail)

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
        return Certificate(**{**row, "found": msgspec.json.decode(row["found"], type=Found)})

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
        health = _health(chosen["health"])
        return Fitting(
            home=home,
            **row,
            hub=FittedHub(
                hub=name,
                claimed_at=chosen["claimed_at"],
                code_expires_at=chosen["code_expires_at"],
                last_seen_at=chosen["last_seen_at"],
                software=health.software if health else "",
            ),
            others=[one["hub"] for one in hubs if one["hub"] != name],
            sensors=fitted(health.sensors if health else None, known, steps),
            walk=_walk(walks[0]) if walks else None,
            signed=[SignedLine(**row) for row in signed],
        )

    async def _asked(
        self, connection: Connection, hub: str, kind: CommandKind
    ) -> list[CommandLine]:
        """Its newer commands of a kind, the newest first."""
        now = self._clock()
        rows = await connection.fetch(SQL.asked, hub, kind, now - RECENT, MOST_ASKED)
        return [line_of(row, now) for row in rows]


def choose(
    hubs: Sequence[Mapping[str, Any]], wanted: str, now: datetime
) -> Mapping[str, Any] | None:
    """The hub that is meant: by name, or the one whose code is good, or the one claimed last."""
    if wanted:
        return next((one for one in hubs if one["hub"] == wanted), None)

    def order(one: Mapping[str, Any]) -> tuple[int, datetime]:
        if one["claimed_at"] is not None:
            return 1, one["claimed_at"]
        return (2 if one["code_expires_at"] > now else 0), one["code_expires_at"]

    return max(hubs, key=order, default=None)


def fitted(
    told: Iterable[SensorHealth] | None,
    heard: Mapping[str, Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
) -> list[FittedSensor] | None:
    """Each sensor that the hub listens to, with what walk tests set off of it.

    Args:
        told: What the hub says of them; None where it has said nothing yet.
        heard: What the centre knows of each by name: the `kinds` that it has told, when it last
            told one (`last_at`), and its `battery`.
        steps: Activations by `sensor` and `kind`: how many `times`, and `last_at`.
    """
    if told is None:
        return None
    found = []
    for one in told:
        known = heard.get(one.sensor, {})
        kinds = {one.kind, *one.unlike, *known.get("kinds", ())} - {Kind.LINK}
        counts = (kinds - _MEASURES) or kinds
        own = [step for step in steps if step["sensor"] == one.sensor and step["kind"] in counts]
        found.append(
            FittedSensor(
                sensor=one.sensor,
                kind=one.kind,
                place=one.place,
                last_at=max(
                    (at for at in (one.last_seen, known.get("last_at")) if at), default=None
                ),
                battery=known.get("battery") if one.battery is None else one.battery,
                link=one.link_quality,
                walks=bool(kinds),
                walked_at=max((step["last_at"] for step in own), default=None),
                walked=sum(step["times"] for step in own),
            )
        )
    return sorted(found, key=lambda one: (one.place, one.sensor))


def _health(told: str | None) -> HubHealth | None:
    """The hub's newest heartbeat; None where there is none that can be read."""
    if told is None:
        return None
    try:
        return decode(told, HubHealth)
    except ContractError:
        return None


def _walk(asked: CommandLine) -> Walk:
    try:
        minutes = decode(bytes(asked.body), WalkTest).minutes
    except ContractError:
        minutes = WalkTest().minutes
    begun = asked.answered_at if asked.state == "under_way" else None
    ends = None if begun is None else begun + timedelta(minutes=minutes)
    return Walk(command=asked, minutes=minutes, ends_at=ends)
