"""Finds out how far the fitting of a home has come; what is known elsewhere is not kept twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.audit.note import HOME, note
from api.clock import Clock
from api.downlink.commands import line_of
from api.downlink.views import CommandLine
from api.fitting.views import RECENT, FittedHub, FittedSensor, Fitting, Walk
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from contract import CommandKind, ContractError, HubHealth, Kind, SensorHealth, decode
from contract.downlink import WalkTest

MOST_ASKED = 100
"""Commands of a kind that are looked at, the newest ones."""
_MEASURES = frozenset({Kind.TEMPERATURE, Kind.HUMIDITY})
"""That a detector tells how warm it is does not show that it sees anybody."""


@dataclass(frozen=True)
class _Sql:
    home: str
    hubs: str
    heard: str
    asked: str
    steps: str


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
        heard = await connection.fetch(SQL.heard, home)
        return Fitting(
            home=home,
            **row,
            hub=FittedHub(**{key: chosen[key] for key in FittedHub.__struct_fields__}),
            others=[one["hub"] for one in hubs if one["hub"] != name],
            sensors=fitted(_told(chosen["health"]), {one["sensor"]: one for one in heard}, steps),
            walk=_walk(walks[0]) if walks else None,
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
        heard: What the centre knows of each by name: `kinds` that it has told.
        steps: Activations by `sensor` and `kind`: how many `times`, and `last_at`.
    """
    if told is None:
        return None
    found = []
    for one in told:
        kinds = {one.kind, *one.unlike, *heard.get(one.sensor, {}).get("kinds", ())} - {Kind.LINK}
        counts = (kinds - _MEASURES) or kinds
        own = [step for step in steps if step["sensor"] == one.sensor and step["kind"] in counts]
        found.append(
            FittedSensor(
                sensor=one.sensor,
                kind=one.kind,
                place=one.place,
                walks=bool(kinds),
                walked_at=max((step["last_at"] for step in own), default=None),
                walked=sum(step["times"] for step in own),
            )
        )
    return sorted(found, key=lambda one: (one.place, one.sensor))


def _told(health: str | None) -> list[SensorHealth] | None:
    """What the hub last said of its sensors; None where nothing that can be read."""
    if health is None:
        return None
    try:
        return decode(health.encode(), HubHealth).sensors
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
