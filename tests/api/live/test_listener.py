"""What is stored is told: from the transaction's end, over a lost link, to every process."""

import asyncio

import asyncpg
import pytest

from api.live.fanout import AlertChanged, Fanout, HubChanged, Reader, Signal, Subscription
from api.live.listener import Listener, read
from api.services import Services
from tests.api.support import add_alert, add_device, add_user
from tests.support.dying import dying

ALL = Reader(organisations=frozenset({1}))
PATIENCE = 20.0


async def listening(services: Services) -> tuple[Subscription, asyncio.Task[None]]:
    fanout = services.live
    task = asyncio.create_task(Listener(services.database.url, fanout).run())
    reader = fanout.subscribe(ALL)
    assert await reader.take(PATIENCE) == [Signal.STALE]  # nothing is heard before it listens
    assert await reader.take(PATIENCE) == [Signal.RESYNC]
    return reader, task


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_each_change_of_an_alert_is_told_with_its_version(services: Services) -> None:
    device, ann = await add_device(services), await add_user(services)
    reader, task = await listening(services)
    try:
        alert = await add_alert(services, device)
        assert await reader.take(PATIENCE) == [AlertChanged(alert, 1, 1)]
        await services.alerts.claim(alert, ann)
        assert await reader.take(PATIENCE) == [AlertChanged(alert, 2, 1)]
        await services.alerts.note(alert, ann, "text")
        assert await reader.take(PATIENCE) == [AlertChanged(alert, 3, 1)]
    finally:
        await end(task)


async def test_a_hub_is_told_when_it_reports_and_when_it_joins(services: Services) -> None:
    reader, task = await listening(services)
    try:
        device = await add_device(services)
        assert await reader.take(PATIENCE) == [HubChanged(device.hub, 1)]
        await services.ingest.store(device.batch([device.event(1)]), device.home)
        await services.ingest.store(device.batch([device.health(2)]), device.home)
        assert await reader.take(PATIENCE) == [HubChanged(device.hub, 1)]
    finally:
        await end(task)


async def test_what_is_rolled_back_is_never_told(
    services: Services, connection: asyncpg.Connection
) -> None:
    alert = await add_alert(services, await add_device(services))
    reader, task = await listening(services)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("update alert set version = 99 where id = $1", alert)
        await transaction.rollback()
        await connection.execute("update alert set version = 100 where id = $1", alert)
        assert await reader.take(PATIENCE) == [AlertChanged(alert, 100, 1)]
    finally:
        await end(task)


async def test_a_lost_link_is_told_and_mended_by_itself(
    services: Services, connection: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "api.live")
    alert = await add_alert(services, await add_device(services))
    ann = await add_user(services)
    reader, task = await listening(services)
    try:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where query like 'LISTEN%' and datname = current_database()"
        )
        told: list[object] = []
        while Signal.RESYNC not in told:
            told += await reader.take(PATIENCE)
        assert told == [Signal.STALE, Signal.RESYNC]
        assert caplog.messages[-1] == "live updates: the database is back"
        await services.alerts.claim(alert, ann)
        assert await reader.take(PATIENCE) == [AlertChanged(alert, 2, 1)]
    finally:
        await end(task)


async def test_a_database_that_is_not_there_is_tried_again_and_again_and_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fanout, tries = Fanout(), asyncio.Queue[float]()

    async def sleep(seconds: float) -> None:
        await tries.put(seconds)
        await asyncio.sleep(0)

    listener = Listener("postgresql://nobody@/x?host=/nowhere", fanout, sleep=sleep)
    task = asyncio.create_task(listener.run())
    try:
        for _ in range(3):
            await asyncio.wait_for(tries.get(), PATIENCE)
        assert not fanout.listening
        assert len(caplog.messages) == 1
        assert "the database is away" in caplog.messages[0]
    finally:
        await end(task)


def test_a_word_of_a_newer_centre_is_passed_over() -> None:
    assert read('{"alert":1,"version":2,"organisation":1,"more":3}') == AlertChanged(1, 2, 1)
    assert read('{"hub":"h","organisation":1}') == HubChanged("h", 1)
    for unknown in ('{"home":"h1"}', "", "x", "[]", "1"):
        assert read(unknown) is None


@pytest.mark.network
async def test_a_server_that_dies_amid_its_last_words_does_not_end_listening_for_good() -> None:
    async with dying() as server:
        task = asyncio.create_task(Listener(server.url, Fanout()).run())
        try:
            for _ in range(3000):
                if server.met > 1:
                    break
                await asyncio.sleep(0.01)
            assert server.met > 1
            assert not task.done()
        finally:
            await end(task)
