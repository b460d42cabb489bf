"""However many workers there are and whichever is killed, each message is told once."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg

from api.channels.protocol import Message
from api.outbox.worker import AWAY, LEASE, LOOK_SECONDS
from api.services import Services
from tests.api.outbox.support import Ear, destination, worker
from tests.api.support import SettableClock, add_alert, add_device


async def test_many_workers_deliver_each_message_once(services: Services, ear: Ear) -> None:
    await destination(services, ear)
    device = await add_device(services)
    for seq in range(1, 41):
        await add_alert(services, device, seq)

    async def answer(_: Message) -> None:
        await asyncio.sleep(0.002)

    ear.answer = answer
    workers = [worker(services, ear) for _ in range(4)]
    for _ in range(12):
        await asyncio.gather(*(one.look() for one in workers))
        await asyncio.gather(*(one.settle() for one in workers))
    keys = [message.key for message in ear.heard]
    assert len(keys) == len(set(keys)) == 40


async def test_what_a_killed_worker_held_is_delivered_by_another_once_its_lease_is_over(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    hang = asyncio.Event()

    async def answer(_: Message) -> None:
        await hang.wait()

    ear.answer = answer
    killed, other = worker(services, ear), worker(services, ear)
    assert await killed.look() == 1
    await killed.close(seconds=0.01)
    ear.answer = None
    clock.move(seconds=LEASE.total_seconds() - 1)
    await other.run_dry()
    assert ear.heard == []
    for _ in range(5):  # no longer apart than while the database is there
        clock.move(seconds=AWAY.total_seconds() - 1)
        await other.run_dry()
    assert ear.actions == ["raise"]
    assert LEASE > 2 * AWAY > timedelta(seconds=4 * LOOK_SECONDS)


async def test_what_a_living_worker_delivers_for_long_is_delivered_by_nobody_else(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    arrived = asyncio.Event()

    async def answer(_: Message) -> None:
        await arrived.wait()

    ear.answer = answer
    slow, other = worker(services, ear), worker(services, ear)
    assert await slow.look() == 1
    for _ in range(10):
        clock.move(seconds=4)
        assert await slow.look() == await other.look() == 0
    arrived.set()
    await slow.settle()
    assert ear.actions == ["raise"]


async def test_what_was_claimed_and_the_claim_not_heard_of_is_delivered_at_the_next_look(
    services: Services, ear: Ear, connection: asyncpg.Connection
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    one = worker(services, ear)
    lost = uuid4()
    await connection.execute(
        "update outbox set tries = 1, lease = $1, lease_until = now() + '1 day'", lost
    )
    one._unheard.append(lost)
    await one.run_dry()
    assert ear.actions == ["raise"]
    assert await connection.fetchval("select tries from outbox") == 1


async def test_after_the_database_was_away_a_living_worker_s_message_is_not_sent_twice(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    hang = asyncio.Event()

    async def answer(_: Message) -> None:
        await hang.wait()

    ear.answer = answer
    first, other = worker(services, ear), worker(services, ear)
    assert await first.look() == 1
    clock.move(minutes=10)  # longer than the lease: nobody could say anything meanwhile
    assert await other.look() + await first.look() == 0
    hang.set()
    await asyncio.gather(first.settle(), other.settle())
    clock.move(minutes=1)
    await other.run_dry()
    assert ear.actions == ["raise"]
