"""A browser that takes no nudge is its owner's affair: not its colleagues', nor the channel's."""

import httpx
import pytest

from api.services import Services
from api.store.reach import CENTRE
from tests.api.channels.receiver import Receiver, answer
from tests.api.push.test_push import nudges, raise_alert, sign_in, subscribe
from tests.api.support import SettableClock, add_user

pytestmark = pytest.mark.network


async def test_one_browser_s_odd_address_is_told_to_its_owner_and_to_nobody_else(
    client: httpx.AsyncClient, services: Services, service: Receiver, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await add_user(services, "bob")
    await nudges(services)
    await subscribe(client, "ann", service, "ann")
    await subscribe(client, "bob", service, "odd")
    service.reply = lambda got: answer(400 if b"/odd" in got.line.encode() else 201)
    alerts = [await raise_alert(services, seq) for seq in (1, 2)]
    await services.trouble.look()
    queue = await services.alerts.queue(CENTRE)
    assert [one.id for one in queue.urgent] == alerts
    assert queue.technical == [], "no channel is dead"
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert (line.delivered, line.waiting, line.dead, line.gave_up) == (2, 0, 0, 2)
    (bobs,) = (await client.get("/v1/push/subscriptions")).json()
    assert (bobs["failing_why"], bobs["heard_at"]) == ("it answered 400", None)
    first = bobs["failing_since"]
    await sign_in(client, "ann")
    (anns,) = (await client.get("/v1/push/subscriptions")).json()
    assert (anns["failing_since"], anns["heard_at"]) == (None, first)
    service.reply = lambda _: answer(201)
    clock.move(minutes=1)
    await raise_alert(services, 3)
    await sign_in(client, "bob")
    (bobs,) = (await client.get("/v1/push/subscriptions")).json()
    assert (bobs["failing_since"], bobs["failing_why"]) == (None, "")
    assert bobs["heard_at"] > first


async def test_where_no_browser_takes_any_the_channel_is_dead(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    for name in ("ann", "bob"):
        await add_user(services, name)
        await subscribe(client, name, service, name)
    await nudges(services)
    service.reply = lambda _: answer(400)
    await raise_alert(services)
    await services.trouble.look()
    (alert,) = (await services.alerts.queue(CENTRE)).technical
    assert alert.condition == "channel_dead"


async def test_a_browser_that_hangs_gets_one_try_and_keeps_no_place_from_the_others(
    client: httpx.AsyncClient, services: Services, service: Receiver, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await nudges(services)
    await subscribe(client, "ann", service, "ann")
    service.reply = lambda _: answer(503)
    await raise_alert(services)
    for _ in range(60):
        clock.move(minutes=2)
        await services.worker.run_dry()
    (line,) = (await services.outbox.view(CENTRE)).destinations
    tries, waiting = len(service.got), line.waiting
    assert (tries > 3, waiting) == (True, 0)
    await raise_alert(services, 2)
    clock.move(minutes=2)
    await services.worker.run_dry()
    assert len(service.got) == tries + 1
