"""Seeing and handling alerts. Each action is one transaction on one locked row."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.alerts import rows
from api.alerts.lifecycle import Action, Actor, AlertState, Outcome, step
from api.alerts.views import AlertDetail, AlertSummary, Queue, SilentHub
from api.audit.note import ALERT, HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from api.store.reach import CENTRE, Reach

LANES = {1: "urgent", 2: "advisory", 3: "technical"}
EARLIER = 20
"""Other alerts of the home that are shown beside one."""
MOST_SILENT = 1000
"""Hubs that are shown of an alert about many."""
MAX_NOTE = 4000
"""Characters in a note at most."""


@dataclass(frozen=True)
class _Sql:
    queue: str
    totals: str
    one: str
    body: str
    of_home: str
    silent: str
    history: str
    lock: str
    lapsed: str
    claim: str
    renew: str
    release: str
    lapse: str
    touch: str
    resolve: str
    remember: str


SQL = load(_Sql)


@dataclass(frozen=True)
class _Locked:
    """An alert whose row this transaction holds."""

    id: int
    report_version: int
    state: AlertState
    holder: int | None
    lease_until: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "_Locked":
        return cls(
            row["id"], row["report_version"],
            AlertState(row["state"]), row["holder"], row["lease_until"],
        )  # fmt: skip

    def ran_out(self, now: datetime) -> bool:
        return self.lease_until is not None and self.lease_until <= now


@dataclass(frozen=True)
class _Deed:
    """What somebody does to an alert."""

    action: Action
    by: Member
    outcome: Outcome | None = None
    note: str = ""
    seen: int | None = None


class Alerts:
    """The alerts of the centre.

    Args:
        database: Where they are.
        clock: Decides when a lease ends.
        lease: How long a claim holds without a further action by its holder.
        resolved: Told of the home of each alert that is resolved, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: timedelta,
        resolved: Callable[[Connection, str], Awaitable[None]] | None = None,
    ) -> None:
        self._resolved = resolved
        self._database = database
        self._clock = clock
        self._lease = lease

    async def queue(self, reach: Reach, *, limit: int = 200) -> Queue:
        """What is not resolved, at most `limit` in each lane, the longest waiting first."""
        async with self._database.transaction(reach) as connection:
            found = await connection.fetch(SQL.queue, limit)
            totals = await connection.fetch(SQL.totals)
            now = self._clock()
            await note(connection, now, "queue.read", "queue")
        lanes: dict[str, list[AlertSummary]] = {name: [] for name in LANES.values()}
        for row in found:
            lanes[LANES[row["lane"]]].append(rows.summary(row, now))
        counted = {LANES[row["lane"]]: row["n"] for row in totals}
        return Queue(**lanes, total={name: counted.get(name, 0) for name in lanes})

    async def one(self, reach: Reach, alert: int) -> AlertDetail:
        """One alert with its evidence, its history and the home's other alerts.

        Raises:
            NotFound: There is no alert of that number.
        """
        async with self._database.transaction(reach) as connection:
            shown = await self._shown(connection, alert)
            body = await connection.fetchval(SQL.body, alert)
            history = await connection.fetch(SQL.history, alert)
            earlier = await connection.fetch(SQL.of_home, shown.home, alert, EARLIER)
            silent = await connection.fetch(SQL.silent, alert, MOST_SILENT)
            now = self._clock()
            await note(connection, now, "alert.read", ALERT, alert)
        return AlertDetail(
            alert=shown,
            report=msgspec.Raw(body.encode()),
            history=[rows.entry(row) for row in history],
            earlier=[rows.summary(row, now) for row in earlier],
            silent=[SilentHub(**row) for row in silent],
        )

    async def of_home(self, reach: Reach, home: str, *, limit: int = EARLIER) -> list[AlertSummary]:
        """A home's alerts, resolved ones too, the newest first."""
        async with self._database.transaction(reach) as connection:
            found = await connection.fetch(SQL.of_home, home, 0, limit)
            now = self._clock()
            if found:
                await note(connection, now, "alerts.read", HOME, home)
        return [rows.summary(row, now) for row in found]

    async def claim(self, alert: int, by: Member) -> AlertSummary:
        """Takes an alert, or renews one's own claim. Of any number of claimers one wins.

        Raises:
            NotFound: There is no such alert.
            Conflict: Somebody else has it, or it is resolved; the sentence says who and since when.
        """
        return await self._act(alert, _Deed(Action.CLAIM, by))

    async def release(self, alert: int, by: Member) -> AlertSummary:
        """Gives one's own claim back to the queue.

        Raises:
            NotFound, Conflict: As :meth:`claim`.
        """
        return await self._act(alert, _Deed(Action.RELEASE, by))

    async def note(self, alert: int, by: Member, text: str) -> AlertSummary:
        """Writes something down; by its holder it also renews the claim.

        Raises:
            NotFound: There is no such alert.
            Invalid: The note is empty or longer than `MAX_NOTE`.
        """
        if not text.strip():
            raise Invalid("A note needs some text.")
        return await self._act(alert, _Deed(Action.NOTE, by, note=_clean(text)))

    async def resolve(
        self, alert: int, by: Member, outcome: str, *, note: str = "", seen: int | None = None
    ) -> AlertSummary:
        """Says what one's own claimed alert turned out to be.

        Args:
            alert: Which.
            by: Its holder.
            outcome: One of :class:`Outcome`.
            note: In one's own words, if there is more to say.
            seen: The `report_version` that was looked at. Where the hub has said something new
                since, the alert stays claimed, so that nobody closes what nobody has seen.

        Raises:
            NotFound, Conflict: As :meth:`claim`.
            Invalid: There is no such outcome.
        """
        try:
            known = Outcome(outcome)
        except ValueError:
            allowed = ", ".join(Outcome)
            raise Invalid(f"The outcome must be one of {allowed}.") from None
        deed = _Deed(Action.RESOLVE, by, outcome=known, note=_clean(note), seen=seen)
        return await self._act(alert, deed)

    async def lapse(self) -> int:
        """Puts alerts whose lease ran out back into the queue; how many there were."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            found = await connection.fetch(SQL.lapsed, now)
            for row in found:
                await self._run_out(connection, _Locked.of(row), now)
            for row in found:
                await note(connection, now, "alert.lapse", ALERT, row["id"])
        return len(found)

    async def _act(self, alert: int, deed: _Deed) -> AlertSummary:
        deed.by.demand(Permission.HANDLE_ALERTS)
        now = self._clock()
        async with self._database.transaction(deed.by.reach) as connection:
            locked = await self._lock(connection, alert, now)
            actor = Actor.HOLDER if locked.holder == deed.by.id else Actor.OTHER
            after = step(locked.state, deed.action, actor)
            if after is None:
                raise _conflict(deed.action, await self._shown(connection, alert))
            if deed.seen is not None and deed.seen != locked.report_version:
                raise _unseen(await self._shown(connection, alert))
            version = await connection.fetchval(*self._change(locked.id, deed, actor, now))
            await connection.execute(
                SQL.remember, alert, version, now, deed.by.id,
                deed.action, locked.state, after, deed.outcome, deed.note,
            )  # fmt: skip
            shown = await self._shown(connection, alert)
            if deed.action is Action.RESOLVE and self._resolved is not None and shown.home:
                await self._resolved(connection, shown.home)
            await note(
                connection, now, f"alert.{deed.action}", ALERT, alert, detail=deed.outcome or ""
            )
            return shown

    def _change(self, alert: int, deed: _Deed, actor: Actor, now: datetime) -> tuple[Any, ...]:
        """The query that makes the step, with its arguments."""
        until = now + self._lease
        if deed.action is Action.RESOLVE:
            return (SQL.resolve, alert, deed.by.id, now, deed.outcome)
        if deed.action is Action.RELEASE:
            return (SQL.release, alert)
        if actor is Actor.HOLDER:  # a claim or a note: at work on it
            return (SQL.renew, alert, until)
        if deed.action is Action.CLAIM:
            return (SQL.claim, alert, deed.by.id, now, until)
        return (SQL.touch, alert)

    async def _lock(self, connection: Connection, alert: int, now: datetime) -> _Locked:
        row = await connection.fetchrow(SQL.lock, alert)
        if row is None:
            raise NotFound(f"There is no alert {alert}.")
        locked = _Locked.of(row)
        if not locked.ran_out(now):
            return locked
        await self._run_out(connection, locked, now)
        return _Locked.of(await connection.fetchrow(SQL.lock, alert))

    async def _run_out(self, connection: Connection, locked: _Locked, now: datetime) -> None:
        after = step(locked.state, Action.LAPSE, Actor.CENTRE)
        version = await connection.fetchval(SQL.lapse, locked.id)
        await connection.execute(
            SQL.remember, locked.id, version, now, None, Action.LAPSE, locked.state, after, None, ""
        )

    async def _shown(self, connection: Connection, alert: int) -> AlertSummary:
        row = await connection.fetchrow(SQL.one, alert)
        if row is None:
            raise NotFound(f"There is no alert {alert}.")
        return rows.summary(row, self._clock())


def _clean(note: str) -> str:
    text = note.strip()
    if len(text) > MAX_NOTE:
        raise Invalid(f"A note holds at most {MAX_NOTE} characters; this one has {len(text)}.")
    if "\0" in text:
        raise Invalid("A note cannot hold a NUL character.")
    return text


def _conflict(action: Action, alert: AlertSummary) -> Conflict:
    """Says who has it and since when, so that nobody calls twice."""
    if alert.claim:
        who = f"{alert.claim.by.name} has had this alert since {_clock_face(alert.claim.since)}."
    elif alert.resolution:
        by, at = alert.resolution.by.name, _clock_face(alert.resolution.at)
        who = f"{by} resolved this alert at {at}."
    else:
        who = f"Claim this alert first to {action} it."
    return Conflict(who, alert=alert)


def _unseen(alert: AlertSummary) -> Conflict:
    return Conflict(
        "The hub has reported something new since you opened this alert. Look at it first.",
        alert=alert,
    )


def _clock_face(at: datetime) -> str:
    return f"{at:%H:%M} UTC on {at:%d %B %Y}"
