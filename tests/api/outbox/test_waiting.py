"""What waits goes as soon as it can: not for hours, and not to the dead letters before its time."""

import asyncpg

from api.channels.protocol import TryLater
from api.services import Services
from tests.api.outbox.support import Ear, destination, refuse, worker
from tests.api.support import SettableClock, add_alert, add_device


async def test_a_clock_that_is_set_back_keeps_neither_heartbeat_nor_message_waiting(
    services: Services, ear: Ear, clock: SettableClock
) -> None:
    await destination(services, ear, heartbeat_s=60)
    at_work = worker(services, ear)
    await at_work.run_dry()
    ear.answer = refuse(TryLater("away"))
    await add_alert(services, await add_device(services))
    await at_work.run_dry()
    ear.answer = None
    clock.move(hours=-2)
    await at_work.run_dry()
    assert sorted(ear.actions) == ["heartbeat", "heartbeat", "raise"]
    await at_work.run_dry()
    assert len(ear.actions) == 3


async def test_what_a_newer_replica_wrote_and_cannot_be_read_here_waits_for_that(
    services: Services, ear: Ear, connection: asyncpg.Connection
) -> None:
    await destination(services, ear)
    await add_alert(services, await add_device(services))
    await connection.execute("update outbox set body = (body::jsonb - 'action')::json")
    await worker(services, ear).run_dry()
    (row,) = await connection.fetch("select state, reason from outbox")
    assert (row["state"], ear.heard) == ("waiting", [])
    assert row["reason"] == "this version of the centre cannot read the message"
