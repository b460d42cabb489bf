"""A whole shift hammers the same alerts through two replicas: nobody is rung twice or forgotten."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import asyncpg
import httpx
import pytest

from api.clock import utc_now
from api.services import Services
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, SettableClock, add_user

pytestmark = pytest.mark.network

LEASE = timedelta(seconds=9)
NOTED = 3
"""Alerts on which everybody writes a note at the same moment."""

_HOMES = "insert into home (home, organisation) select 'h' || n, 1 from generate_series(1, $1) n"
_ALERTS = """
insert into alert (home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body)
select 'h' || n, $2, 'r', 'uti_risk', '', 'advisory', 0.8, 'Text.', '', $2, $2, 1, '{}'
from generate_series(1, $1) n
"""


@dataclass
class Shift:
    """Operators at two replicas, and what they were answered."""

    replicas: list[httpx.AsyncClient]
    staff: list[dict[str, str]]
    dice: random.Random
    answers: Counter[int] = field(default_factory=Counter)
    claims_s: list[float] = field(default_factory=list)

    async def post(self, who: int, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """As one of them, through either replica."""
        at = self.dice.choice(self.replicas)
        began = perf_counter()
        answer = await at.post(f"/v1/alerts/{path}", json=body or {}, headers=self.staff[who])
        if path.endswith("claim"):
            self.claims_s.append(perf_counter() - began)
        self.answers[answer.status_code] += 1
        assert answer.status_code in {200, 409}, answer.text
        return answer


@asynccontextmanager
async def shift(
    services: Services, url: str, folder: Path, operators: int, seed: int
) -> AsyncIterator[Shift]:
    """Operators who are signed in, and two replicas that run."""
    staff = []
    for number in range(operators):
        await add_user(services, f"user{number}")
        signed = await services.staff.sign_in(f"user{number}", PASSWORD, "192.0.2.1")
        staff.append({"Cookie": f"telecare={signed.token}", "X-CSRF-Token": signed.session.csrf})
    minutes = str(LEASE / timedelta(minutes=1))
    async with AsyncExitStack() as stack:
        clients = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            centre = CentreProcess(folder / name, url, TELECARE_LEASE_MINUTES=minutes)
            stack.callback(centre.stop)
            await asyncio.to_thread(centre.start)
            clients.append(
                await stack.enter_async_context(httpx.AsyncClient(base_url=centre.url, timeout=60))
            )
        yield Shift(clients, staff, random.Random(seed))  # noqa: S311 - the same each time


async def handle(crew: Shift, who: int, alerts: list[int], won: dict[int, list[int]]) -> None:
    """Tries to claim every alert; notes and resolves what it gets."""
    mine = list(alerts)
    crew.dice.shuffle(mine)
    for alert in mine:
        answer = await crew.post(who, f"{alert}/claim")
        if answer.status_code == 409:
            assert answer.json()["detail"].partition(" ")[0].startswith("User")
            continue
        won[alert].append(who)
        version = answer.json()["version"]
        noted = await crew.post(who, f"{alert}/note", {"text": "Rang.", "version": version})
        end = {"outcome": "test", "version": noted.json()["version"], "seen": 1}
        assert (await crew.post(who, f"{alert}/resolve", end)).status_code == 200


async def write(crew: Shift, who: int, alert: int, version: int) -> int:
    """Adds a note, again with what was done meanwhile until it stands; how often it took."""
    for tries in range(1, 10 * len(crew.staff)):
        body = {"text": f"by {who}", "version": version}
        answer = await crew.post(who, f"{alert}/note", body)
        if answer.status_code == 200:
            return tries
        version = answer.json()["alert"]["version"]
    raise AssertionError("a note never got through")


async def inherit(crew: Shift, alert: int) -> datetime:
    """Has others try to claim an alert until one of them gets it; when."""
    while True:
        for who in (1, 2):
            if (await crew.post(who, f"{alert}/claim")).status_code == 200:
                return utc_now()
        await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    ("operators", "count"), [(10, 30), pytest.param(50, 200, marks=pytest.mark.slow)]
)
async def test_each_alert_is_claimed_once_no_note_is_lost_and_who_is_gone_is_replaced(  # noqa: PLR0917 - fixtures
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
    migrated_url: str,
    tmp_path: Path,
    operators: int,
    count: int,
) -> None:
    clock.now = utc_now()  # the replicas go by the machine's
    await connection.execute(_HOMES, count + NOTED + 1)
    await connection.execute(_ALERTS, count + NOTED + 1, clock.now)
    ids = [row["id"] for row in await connection.fetch("select id from alert order by id")]
    alerts, noted, left = ids[:count], ids[count:-1], ids[-1]
    async with shift(services, migrated_url, tmp_path, operators, seed=count) as crew:
        # A client that claims, and is never heard of again.
        gone = (await crew.post(0, f"{left}/claim")).json()["claim"]
        waiting = asyncio.create_task(inherit(crew, left))
        began = perf_counter()
        won: dict[int, list[int]] = {alert: [] for alert in alerts}
        await asyncio.gather(*(handle(crew, who, alerts, won) for who in range(operators)))
        hammered = perf_counter() - began
        requests = crew.answers.total()
        tries = await asyncio.gather(
            *(write(crew, who, alert, 1) for alert in noted for who in range(operators))
        )
        passed = await waiting - datetime.fromisoformat(gone["until"])
    claims = "select alert, count(*) as n from alert_history where action = $1 group by 1"
    assert all(len(who) == 1 for who in won.values())
    claimed = {row["alert"]: row["n"] for row in await connection.fetch(claims, "claim")}
    assert claimed == {**dict.fromkeys(alerts, 1), left: 2}
    notes = await connection.fetch(
        "select alert, convert_from(substring(words from 2), 'UTF8') as note from alert_history "
        "where alert = any ($1) order by id",
        noted,
    )
    expected = sorted((alert, f"by {who}") for alert in noted for who in range(operators))
    assert sorted((row["alert"], row["note"]) for row in notes) == expected
    assert await connection.fetchval(
        "select bool_and(version = 1 + (select count(*) from alert_history e where e.alert = a.id))"
        " from alert a"
    )
    assert timedelta(0) <= passed < timedelta(seconds=5)
    p50, p99 = (quantiles(crew.claims_s, n=100)[at] * 1000 for at in (49, 98))
    print(  # noqa: T201 - the figures are what this is for
        f"\n{operators} operators, {count} alerts, 2 replicas: {requests} requests in "
        f"{hammered:.1f} s ({requests / hammered:.0f} a second), a claim p50 {p50:.0f} ms, p99 "
        f"{p99:.0f} ms; claimed once {len(won)}, twice or never 0; {len(expected)} notes at once, "
        f"none lost, {sum(tries)} tries; a dead client's alert passed on "
        f"{passed.total_seconds():.1f} s after its lease"
    )
