"""The books: what everybody was told is done, against what stands in the database."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

import asyncpg

from api.alerts.rows import place_of_alert
from api.app import create_app
from api.audit.verify import verify
from api.clock import utc_now
from api.settings import Settings
from api.store.cover import Cover
from api.store.sealed import Seal
from tests.api.failover.actors import SIZE
from tests.api.failover.world import KEY, PATIENCE_S, World

_COVER = Cover(Seal(KEY))
_HISTORY = """
select h.alert, h.version, h.action, h.before, h.after, h.words, s.username
from alert_history h left join staff s on s.id = h.staff order by h.alert, h.id
"""
_WRONG = """
select a.id from alert a
where version <> 1 + (select count(*) from alert_history h where h.alert = a.id)
"""
_LEFT = """
select state, reason, tries, due_at > now() as later, lease_until > now() as held, count(*) as n
from outbox where state <> 'sent' group by 1, 2, 3, 4, 5
"""
_SHOWN = """
select id, version from alert where state not in ('resolved', 'withdrawn', 'shelved')
"""


class Stored(NamedTuple):
    """What stands in the database at one instant."""

    alerts: Counter[str]
    events: dict[str, list[int]]
    history: list[Any]
    wrong: list[int]
    messages: dict[str, datetime]


@dataclass
class Books:
    """What was done meanwhile; `faults` is empty where nothing was lost or done twice."""

    alerts: int
    claims: int
    notes: int
    by_clock: Counter[str]
    messages: int
    delivered: int
    repeated: int
    faults: list[str]


async def settle(one: World) -> datetime:
    """Lets the outbox run dry; the leases of a killed replica end, as they would after two minutes.

    Returns:
        When: what happened before is told.
    """
    rested = utc_now()
    await one.fetch(
        "update outbox set lease_until = now() where state = 'waiting' and key::text = any ($1)",
        list(one.excused),
    )
    deadline = monotonic() + PATIENCE_S
    while left := await one.fetch(_LEFT):
        assert monotonic() < deadline, f"not told: {left}\n{one.said()}"
        await asyncio.sleep(0.1)
    return rested


async def consoles_are_true(one: World) -> None:
    """Waits until every page shows each open alert at its version, and no other."""
    deadline = monotonic() + PATIENCE_S
    while True:
        stored = {row["id"]: row["version"] for row in await one.fetch(_SHOWN)}
        if all(page.shown == stored for page in one.consoles):
            return
        assert monotonic() < deadline, "a page does not show what is so"
        await asyncio.sleep(0.2)


async def balance(one: World, by: datetime) -> Books:
    """Compares what everybody was told with what is there.

    Args:
        one: The world at rest.
        by: Of what happened before this, others must have been told.
    """
    stored = await _stored(one)
    said = {ref for hub in one.hubs for ref in hub.alerts}
    told = Counter(got.headers["webhook-id"] for got in one.desk.got)
    twice = {key for key, times in told.items() if times > 1}
    faults = [
        *(fault for actor in one.actors for fault in actor.faults),
        *(f"alert lost: {ref}" for ref in said - stored.alerts.keys()),
        *(f"alert doubled: {ref}" for ref, n in stored.alerts.items() if n > 1),
        *_events(one, stored),
        *_steps(stored.history),
        *_acknowledged(one, stored.history),
        *(f"alert {alert}: version and history differ" for alert in stored.wrong),
        *(
            f"never told: {key}"
            for key, at in stored.messages.items()
            if at < by and key not in told
        ),
        *(f"told twice: {key}" for key in twice - one.excused),
        *await _audit(one),
    ]
    owed = stored.alerts.total() + len(stored.history)
    if len(stored.messages) != owed:
        faults.append(f"{owed} things happened, {len(stored.messages)} messages were written")
    return Books(
        alerts=stored.alerts.total(),
        claims=sum(row["action"] == "claim" for row in stored.history),
        notes=sum(row["action"] == "note" for row in stored.history),
        by_clock=Counter(row["action"] for row in stored.history if row["username"] is None),
        messages=len(stored.messages),
        delivered=told.total(),
        repeated=len(twice),
        faults=faults,
    )


async def _stored(one: World) -> Stored:
    connection = await asyncpg.connect(one.url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            alerts = await connection.fetch("select ref from alert")
            events = await connection.fetch("select home, seq from event order by seq")
            history = await connection.fetch(_HISTORY)
            wrong = await connection.fetch(_WRONG)
            messages = await connection.fetch("select key::text, written_at from outbox")
    finally:
        await connection.close()
    by_home: dict[str, list[int]] = {}
    for row in events:
        by_home.setdefault(row["home"], []).append(row["seq"])
    return Stored(
        Counter(row["ref"] for row in alerts),
        by_home,
        list(history),
        [row["id"] for row in wrong],
        {row["key"]: row["written_at"] for row in messages},
    )


def _events(one: World, stored: Stored) -> Iterator[str]:
    for hub in one.hubs:
        expected = [seq for seq in range(1, hub.sent + 1) if seq % SIZE]
        found = stored.events.get(hub.device.home, [])
        if found != expected:
            yield f"{hub.device.hub}: {len(expected)} events were sent, {len(found)} are stored"


def _steps(history: Sequence[Any]) -> Iterator[str]:
    """Each step goes on from where the one before ended; nothing is escalated over and over."""
    for alert, each in itertools.groupby(history, key=lambda row: row["alert"]):
        steps = list(each)
        for before, after in itertools.pairwise(steps):
            if after["before"] != before["after"] or after["version"] != before["version"] + 1:
                yield f"alert {alert}: {before['action']} then {after['action']} do not follow"
        for called, group in itertools.groupby(steps, key=lambda row: row["action"]):
            if called == "escalate" and len(list(group)) > 2:
                yield f"alert {alert}: escalated more often than there are levels"


def _acknowledged(one: World, history: Sequence[Any]) -> Iterator[str]:
    done = {(row["action"], row["alert"], row["username"]) for row in history}
    notes = Counter(
        _COVER.opened(row["words"], place_of_alert(row["alert"]))
        for row in history
        if row["action"] == "note"
    )
    yield from (f"note doubled: {text}" for text, n in notes.items() if n > 1)
    ends = Counter(row["alert"] for row in history if row["action"] == "resolve")
    yield from (f"resolved twice: {alert}" for alert, n in ends.items() if n > 1)
    for who in one.operators:
        yield from (f"note lost: {text}" for text in who.noted if text not in notes)
        for action, alerts in (("claim", who.claimed), ("resolve", who.resolved)):
            for alert in alerts:
                if (action, alert, who.name) not in done:
                    yield f"{action} lost: alert {alert} by {who.name}"


async def _audit(one: World) -> list[str]:
    services = create_app(Settings(database_url=one.url)).state.services
    verdict = await verify(services.database)
    await services.database.close()
    return verdict.faults
