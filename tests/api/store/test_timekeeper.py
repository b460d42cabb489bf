"""All replicas go by one clock, so that none takes a claim away or calls for help too early."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.alerts.lifecycle import AlertState
from api.app import create_app
from api.clock import utc_now
from api.refusals import DatabaseAway
from api.services import Services
from api.settings import Settings
from api.store.database import Database
from api.store.reach import CENTRE
from api.store.timekeeper import FIRST_SURE, Timekeeper
from tests.api.operation.test_metrics import values
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user
from tests.support.ports import free_port
from tests.support.program import wait_until

AHEAD_S = 1200.0
NEAR = timedelta(seconds=0.5)
_SINCE = "update watch set since = $1, beat_at = $2"


class Forward:
    """Seconds that run on as the machine's do, and that a test moves besides."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.moved


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url)
    yield database
    await database.close()


async def test_time_is_the_databases_and_goes_on_between_two_looks(database: Database) -> None:
    forward = Forward()
    keeper = Timekeeper(database, forward)
    await keeper.look()
    assert abs(keeper() - utc_now()) < NEAR  # the database is on this machine
    forward.moved += 60
    assert abs(keeper() - utc_now() - timedelta(seconds=60)) < NEAR


async def test_an_answer_that_agrees_moves_nothing_so_time_does_not_jitter(
    database: Database,
) -> None:
    keeper = Timekeeper(database, lambda: 1000.0)
    await keeper.look()
    first = keeper()
    reads = iter([1000.0, 1500.0])  # the answer took so long that it says little
    late = Timekeeper(database, lambda: next(reads, 1000.0))
    late._ahead = keeper._ahead
    await late.look()
    assert late() == first


@pytest.mark.parametrize("by_s", [7200.0, -7200.0])
async def test_a_database_whose_clock_was_set_is_followed_at_the_next_look_and_told(
    database: Database, by_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    forward = Forward()
    keeper = Timekeeper(database, forward)
    await keeper.look()
    forward.moved -= by_s  # as if it was the database's clock that was moved
    with caplog.at_level(logging.WARNING, logger="api"):
        await keeper.look()
    assert abs(keeper() - utc_now()) < NEAR
    assert f"has moved by {by_s:+.1f} s" in caplog.text


async def test_a_first_answer_that_took_long_is_no_time_to_go_by(database: Database) -> None:
    reads = iter([0.0, 2 * FIRST_SURE.total_seconds()])
    keeper = Timekeeper(database, lambda: next(reads))
    with pytest.raises(DatabaseAway, match="slow"):
        await keeper.look()
    with pytest.raises(DatabaseAway, match="not yet said"):
        keeper()


async def test_before_the_database_was_asked_nothing_is_decided_by_a_guess(
    migrated_url: str, clock: SettableClock, services: Services
) -> None:
    clock.now = utc_now()
    held = await add_alert(services, await add_device(services))
    await services.alerts.claim(held, await add_user(services))
    clock.move(minutes=-60)
    await services.alerts.timers.look()
    app = create_app(Settings(database_url=migrated_url))
    blind: Services = app.state.services
    for chore in (blind.alerts.timers.look, blind.watch.look, blind.worker.look):
        with pytest.raises(DatabaseAway, match="what time it is"):
            await chore()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
        assert (await client.get("/healthz")).status_code == 200
        for path in ("/readyz", "/v1/alerts"):
            client.cookies.set("telecare", "any")
            assert (await client.get(path)).status_code == 503
        await blind.timekeeper.look()
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/alerts")).status_code == 401
    await blind.database.close()


async def test_a_centre_that_starts_before_its_database_waits_for_the_time_and_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database(f"postgresql://postgres@/postgres?host={tmp_path}")
    keeper = Timekeeper(away)
    await keeper.begin(5)
    assert "must wait for the database" in caplog.text
    await away.close()


@pytest.mark.network
async def test_a_replica_whose_clock_is_wrong_takes_no_claim_away_and_blames_no_hub(
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
    migrated_url: str,
    tmp_path: Path,
) -> None:
    clock.now = utc_now()
    device = await add_device(services)
    held = await add_alert(services, device, 1, condition="help_button", severity="urgent")
    waits = await add_alert(services, await add_device(services), 2, condition="help_button",
                            severity="urgent")  # fmt: skip
    # It has watched for an hour, by its clock.
    ahead_by = timedelta(seconds=AHEAD_S)
    await connection.execute(
        _SINCE, clock.now - timedelta(hours=1), clock.now + ahead_by - timedelta(seconds=20)
    )
    await add_user(services)
    port = free_port()
    for name in ("right", "ahead"):
        (tmp_path / name).mkdir()
    with (
        CentreProcess(tmp_path / "right", migrated_url) as right,
        CentreProcess(tmp_path / "ahead", migrated_url, TELECARE_METRICS_PORT=str(port)).ahead(
            AHEAD_S
        ),
    ):

        def told(name: str, *labels: str) -> float:
            page = httpx.get(f"http://127.0.0.1:{port}/metrics").content
            return values(page)[f"telecare_api_{name}", frozenset(labels)]

        def turns() -> bool:
            return told("chore_success_seconds", "timers") > claimed_s

        async with httpx.AsyncClient(base_url=right.url) as client:
            body = {"username": "ann", "password": PASSWORD}
            signed = await client.post("/v1/session", json=body)
            client.headers["X-CSRF-Token"] = signed.json()["csrf"]
            claimed_s = told("chore_success_seconds", "timers") + 0.1
            claimed = await client.post(f"/v1/alerts/{held}/claim", json={})
            assert claimed.status_code == 200, claimed.text
        await asyncio.to_thread(wait_until, turns, 30, "the other replica looks at claims")
        assert told("chore_success_seconds", "watch") > 0
        assert told("clock_ahead_seconds") == pytest.approx(AHEAD_S, abs=5)
    lanes = await services.alerts.queue(CENTRE)
    assert {one.id: one.state for one in lanes.urgent} == {
        held: AlertState.CLAIMED, waits: AlertState.RAISED,
    }  # fmt: skip
    assert lanes.technical == []
