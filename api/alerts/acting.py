"""Makes one step on one alert, and what follows for the home's others, in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from api.alerts import refusing, rows
from api.alerts.lifecycle import OVER, Action, Actor, AlertState, step
from api.alerts.sql import SQL
from api.alerts.standing import Deed, Standing, moved
from api.alerts.views import AlertSummary
from api.audit.note import ALERT, note
from api.clock import Clock
from api.identity.permissions import Permission
from api.refusals import Conflict, NotFound
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import CENTRE

_LOOKED_AT = frozenset({Action.SUSPEND, Action.SHELVE, Action.RESOLVE})
"""Steps that put an alert out of sight: it must have been seen as it is."""
URGENT_SUSPENDED_AT_MOST = timedelta(minutes=30)
"""For how long somebody who called for help may wait on a call back before their alert is looked at
again. Whoever goes on waiting looks, and suspends it anew."""
_GATHERS = frozenset({Action.CLAIM, Action.TAKEOVER, Action.ACCEPT})
"""Steps by which somebody becomes the handler of a home."""


@dataclass(frozen=True)
class Within:
    """What a step has done beside it, in its transaction, while the alert's row is held.

    Attributes:
        ahead: Whether the step was made before, and is not to be made again.
        behind: Does what belongs to the step, given the alert's version now that it is made; what
            the audit log is to say of it.
    """

    ahead: Callable[[Connection], Awaitable[bool]]
    behind: Callable[[Connection, int], Awaitable[str]]


@dataclass(frozen=True)
class Locked:
    """An alert whose row this transaction holds."""

    id: int
    home: str | None
    condition: str
    lane: int
    version: int
    report_version: int
    standing: Standing

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Locked":
        """As a row of `alert` has it."""
        return cls(
            row["id"], row["home"], row["condition"], row["lane"], row["version"],
            row["report_version"], Standing.of(row),
        )  # fmt: skip

    @property
    def state(self) -> AlertState:
        """Where it stands."""
        return self.standing.state

    def ran_out(self, now: datetime) -> bool:
        """Whether its lease is over, though nobody has put it back yet."""
        until = self.standing.lease_until
        return until is not None and until <= now


class Acting:
    """The way of every step into the database.

    Args:
        database: Where alerts are.
        clock: Decides when a lease ends.
        lease: How long a claim holds without a further action by its holder.
        cover: Seals notes and reasons.
        resolved: Told of the home of each alert that is resolved, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: timedelta,
        cover: Cover,
        resolved: Callable[[Connection, str], Awaitable[None]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._cover = cover
        self._resolved = resolved

    async def act(self, alert: int, deed: Deed, *, within: Within | None = None) -> AlertSummary:
        """Does what `deed` says, with what belongs to it, or nothing at all.

        Raises:
            NotFound: There is no such alert within reach.
            Conflict: The table has no such step, or somebody did something meanwhile.
            Forbidden: The role does not allow it.
        """
        now = self._clock()
        if deed.by is not None:
            deed.by.demand(Permission.HANDLE_ALERTS)
        reach = deed.by.reach if deed.by else CENTRE
        try:
            async with self._database.transaction(reach) as connection:
                group = await self._lock(connection, alert, now)
                if within and await within.ahead(connection):
                    shown = await self.shown(connection, alert)
                    await note(connection, now, "alert.read", ALERT, alert)
                    return shown
                await self._step(connection, alert, group, deed, now)
                shown = await self.shown(connection, alert)
                said = f"{deed.outcome or ''}"
                if within:
                    said = await within.behind(connection, shown.version)
                await note(connection, now, f"alert.{deed.action}", ALERT, alert, detail=said)
                return shown
        except asyncpg.CheckViolationError as error:
            raise Conflict(
                "Not before this centre's upgrade is finished: telecare-api migrate --finish."
            ) from error

    async def shown(self, connection: Connection, alert: int) -> AlertSummary:
        """One alert as staff see it.

        Raises:
            NotFound: There is no such alert within reach.
        """
        row = await connection.fetchrow(SQL.one, alert)
        if row is None:
            raise NotFound(f"There is no alert {alert}.")
        return rows.summary(row, self._clock(), self._cover)

    async def by_clock(self, connection: Connection, locked: Locked, deed: Deed) -> bool:
        """Makes a step of the centre's own on a row that is held; whether the table has it."""
        to = step(locked.state, deed.action, Actor.CENTRE)
        if to is not None:
            await self._put(connection, locked, to, deed, Actor.CENTRE, now=self._clock())
        return to is not None

    async def _step(
        self, connection: Connection, alert: int, group: Sequence[Locked], deed: Deed, now: datetime
    ) -> None:
        locked = next(one for one in group if one.id == alert)
        actor = _actor(locked.standing, deed)
        to = step(locked.state, deed.action, actor)
        if to is None:
            raise refusing.not_now(deed.action, await self.shown(connection, alert))
        await self._check(connection, locked, group, deed, actor, now=now)
        await self._put(connection, locked, to, deed, actor, now=now)
        others = [one for one in group if one.id != alert]
        await self._follow(connection, locked, others, deed, actor, now=now)
        if to is AlertState.RESOLVED and self._resolved is not None and locked.home:
            await self._resolved(connection, locked.home)

    async def _check(
        self,
        connection: Connection,
        locked: Locked,
        group: Sequence[Locked],
        deed: Deed,
        actor: Actor,
        *,
        now: datetime,
    ) -> None:
        """What the table cannot say: what else is so at this moment."""
        if deed.version is not None and deed.version > locked.version:
            raise refusing.never_was(await self.shown(connection, locked.id))
        if deed.version is not None and deed.by is not None:
            last = await connection.fetchrow(SQL.since, locked.id, deed.version, deed.by.id)
            if last is not None:
                alert = await self.shown(connection, locked.id)
                raise refusing.changed(alert, rows.entry(last, self._cover))
        if deed.seen is not None and deed.seen != locked.report_version:
            raise refusing.unseen(await self.shown(connection, locked.id))
        if deed.action in _LOOKED_AT and locked.standing.unseen_since is not None:
            raise refusing.not_looked(await self.shown(connection, locked.id))
        if deed.action is Action.CLAIM and locked.state is AlertState.RAISED and deed.by:
            for one in group:
                if one.state is AlertState.CLAIMED and one.standing.holder != deed.by.id:
                    alert = await self.shown(connection, locked.id)
                    raise refusing.elsewhere(alert, await self.shown(connection, one.id))
        if actor is not Actor.CENTRE:
            _check_sense(locked, deed, now)

    async def _follow(
        self,
        connection: Connection,
        locked: Locked,
        others: Sequence[Locked],
        deed: Deed,
        actor: Actor,
        *,
        now: datetime,
    ) -> None:
        """What the step means for the home's other alerts: one person, one handler."""
        if deed.by is None:
            return
        if deed.action in _GATHERS and actor is not Actor.HOLDER:
            await self._gather(connection, others, deed.by.id, now)
        elif deed.action is Action.RELEASE:
            for one in others:
                to = step(one.state, Action.RELEASE, _actor(one.standing, deed))
                if to is not None:
                    await self._put(connection, one, to, deed, Actor.HOLDER, now=now)
        elif deed.action is Action.UNSHELVE:
            for one in others:
                if one.state is AlertState.SHELVED and one.condition == locked.condition:
                    await self._put(connection, one, AlertState.RAISED, deed, actor, now=now)
        elif actor is Actor.HOLDER and locked.home:
            until = now + self._lease
            await connection.execute(SQL.keep, locked.home, deed.by.id, locked.id, until)

    async def _gather(
        self, connection: Connection, others: Sequence[Locked], holder: int, now: datetime
    ) -> None:
        given = Deed(action=Action.ASSIGN, by=None, to=holder, until=now + self._lease)
        for one in others:
            to = step(one.state, Action.ASSIGN, Actor.CENTRE)
            if to is not None and one.standing.holder != holder:
                await self._put(connection, one, to, given, Actor.CENTRE, now=now)

    async def _put(
        self,
        connection: Connection,
        locked: Locked,
        to: AlertState,
        deed: Deed,
        actor: Actor,
        *,
        now: datetime,
    ) -> None:
        # Of a report of which nobody said which they saw, it is the one that is there.
        seen = deed.seen if deed.seen is not None else locked.report_version
        place = rows.place_of_alert(locked.id)
        words = self._cover.words(deed.note, place) if deed.note else None
        told = replace(deed, seen=seen, words=words)
        after = moved(locked.standing, to, told, actor, now=now, until=now + self._lease)
        version = await connection.fetchval(SQL.put, locked.id, *after.columns)
        await connection.execute(
            SQL.remember, locked.id, version, now, deed.by.id if deed.by else None,
            deed.action, locked.state, to, deed.outcome, words,
        )  # fmt: skip

    async def _lock(self, connection: Connection, alert: int, now: datetime) -> list[Locked]:
        """The alert with what else is open in its home; what ran out has been put back."""
        found = [Locked.of(row) for row in await connection.fetch(SQL.lock, alert)]
        if not any(one.id == alert for one in found):
            raise NotFound(f"There is no alert {alert}.")
        over = [one for one in found if one.ran_out(now)]
        for one in over:
            await self.by_clock(connection, one, Deed(action=Action.LAPSE, by=None))
        if over:
            found = [Locked.of(row) for row in await connection.fetch(SQL.lock, alert)]
        return [one for one in found if one.id == alert or one.state not in OVER]


def _check_sense(locked: Locked, deed: Deed, now: datetime) -> None:
    """Nobody puts an urgent alert out of everybody's sight, or corrects nothing."""
    if deed.action is Action.CORRECT and deed.outcome is locked.standing.outcome:
        raise Conflict("That is what it was said to be already.")
    if locked.lane != 1:
        return
    if deed.action is Action.SHELVE:
        raise Conflict("An urgent alert cannot be shelved: nobody would look.")
    waits = deed.until if deed.action is Action.SUSPEND else None
    if waits is not None and waits - now > URGENT_SUSPENDED_AT_MOST:
        raise refusing.too_long(URGENT_SUSPENDED_AT_MOST)


def _actor(standing: Standing, deed: Deed) -> Actor:
    if deed.by is None:
        return Actor.CENTRE
    if standing.holder == deed.by.id:
        return Actor.HOLDER
    return Actor.NAMED if standing.offered_to == deed.by.id else Actor.OTHER
