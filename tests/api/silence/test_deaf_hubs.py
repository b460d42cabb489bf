"""A hub that posts and hears nothing: its home is as unseen as where the hub is off."""

from collections.abc import Callable

import pytest

from api.services import Services
from api.store.reach import CENTRE
from contract import Batch, Condition
from tests.api.support import Device, SettableClock, add_device

Posts = Callable[[Device, int], Batch | None]

BEAT = 5
"""Minutes between two heartbeats."""


def heartbeat(device: Device, minute: int) -> Batch | None:
    return None if minute % BEAT else device.batch([device.health(2 + minute)])


def the_same_record(device: Device, _: int) -> Batch:
    return device.batch([device.event(1)])


def nothing(device: Device, minute: int) -> Batch | None:
    return None if minute % BEAT else device.batch([])


def nothing_of_a_new_epoch(device: Device, minute: int) -> Batch:
    return device.batch([], f"start-{minute}")


def events_alone(device: Device, minute: int) -> Batch:
    return device.batch([device.event(2 + minute)])


def a_month_late(device: Device, minute: int) -> Batch:
    return device.batch([device.event(2 + minute, at="2026-02-10T12:00:00Z")])


async def told(services: Services, clock: SettableClock, posts: Posts) -> list[str]:
    """What waits in the technical lane after an hour in which a hub posts, and another is well."""
    await services.watch.look()
    device, well = await add_device(services), await add_device(services)
    await services.ingest.store(device.batch([device.event(1)]), device.home)
    for minute in range(60):
        for one, said in ((device, posts(device, minute)), (well, heartbeat(well, minute))):
            if said is not None:
                await services.ingest.store(said, one.home)
        for _ in range(2):
            clock.move(seconds=30)
            await services.watch.look()
    async with services.database.transaction(CENTRE) as connection:
        heard = await connection.fetchval("select hub from silence where hub = $1", well.hub)
    assert heard is None
    queue = await services.alerts.queue(CENTRE)
    return [one.condition for one in queue.technical if one.home == device.home]


@pytest.mark.parametrize("posts", [the_same_record, nothing, nothing_of_a_new_epoch])
async def test_whose_hub_can_write_nothing_down_is_told_though_it_goes_on_posting(
    services: Services, clock: SettableClock, posts: Posts
) -> None:
    assert await told(services, clock, posts) == [Condition.HUB_SILENT]


@pytest.mark.parametrize("posts", [heartbeat, events_alone, a_month_late])
async def test_whose_hub_tells_anything_new_is_not_called_about_it(
    services: Services, clock: SettableClock, posts: Posts
) -> None:
    assert await told(services, clock, posts) == []
