"""Whom two that changed the same at once would have told to try again is not told: it is done."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine

import asyncpg
import httpx
import pytest

from api.refusals import InTheWay
from api.services import Services
from api.store.again import once_more
from api.store.database import Database
from api.store.reach import AS_CONNECTED
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

_WAITS = """
select from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and wait_event_type = 'Lock'
"""
_STANDS = "do $$ begin raise exception 'in the way' using errcode = '{}'; end $$"


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url)
    yield database
    await database.close()


async def cross(
    connection: asyncpg.Connection,
    asked: Callable[[], Coroutine[None, None, httpx.Response]],
    first: str,
    then: str,
) -> httpx.Response:
    """Takes a lock that what is asked waits for, then one that it holds: it is ended for that."""
    await connection.execute("set deadlock_timeout = '1min'")  # the other one finds out
    async with connection.transaction():
        await connection.execute(first)
        yet = asyncio.create_task(asked())
        while not await connection.fetch(_WAITS):
            assert not yet.done(), yet.result().text
            await asyncio.sleep(0.01)
        await connection.execute(then)
    return await yet


async def test_a_note_that_crossed_another_step_is_kept_once_and_nobody_is_sent_away(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services))
    answer = await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    assert (await client.post(f"/v1/alerts/{alert}/claim", json={})).status_code == 200

    async def noted() -> httpx.Response:
        return await client.post(f"/v1/alerts/{alert}/note", json={"text": "Rang.", "version": 2})

    answer = await cross(
        connection, noted, "select from audit_chain for update",
        f"select from alert where id = {alert} for update",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["version"]) == (200, 3), answer.text
    steps = await connection.fetch("select action from alert_history order by id")
    assert [step["action"] for step in steps] == ["claim", "note"]


async def test_a_batch_that_crossed_a_step_of_its_alert_is_stored_at_once(
    client: httpx.AsyncClient,
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    device = await add_device(services)
    await add_alert(services, device)
    news = device.alert(2, id=f"{device.home}:uti_risk:1", version=2, text="Worse.")

    async def sent() -> httpx.Response:
        return await client.post(
            f"/v1/hubs/{device.hub}/batches",
            content=device.batch_json([news]),
            headers={"Authorization": f"Bearer {device.token(clock.now)}"},
        )

    answer = await cross(
        connection, sent, "select from alert for update", "select from journal for update"
    )
    assert (answer.status_code, answer.json()["stored"]) == (200, 1), answer.text


@pytest.mark.parametrize("code", ["40P01", "40001"])
async def test_who_is_stood_in_the_way_of_twice_is_told_so_and_not_that_the_database_is_away(
    database: Database, code: str
) -> None:
    tries = 0

    @once_more
    async def work() -> None:
        nonlocal tries
        tries += 1
        async with database.transaction(AS_CONNECTED) as connection:
            await connection.execute(_STANDS.format(code))

    with pytest.raises(InTheWay, match="Somebody else was changing the same") as told:
        await work()
    assert (tries, told.value.retry_after) == (2, 1)


async def test_what_was_stored_is_not_done_again_for_what_came_behind_it(
    database: Database,
) -> None:
    stored = 0

    @once_more
    async def outer() -> None:
        await inner()
        async with database.transaction(AS_CONNECTED) as connection:
            await connection.execute(_STANDS.format("40001"))

    @once_more
    async def inner() -> None:
        nonlocal stored
        async with database.transaction(AS_CONNECTED):
            stored += 1

    with pytest.raises(InTheWay):
        await outer()
    assert stored == 1
