"""How many browsers took a nudge is known as long as the alert is; whose they were is not."""

import asyncpg
import httpx
import pytest

from api.outbox.told import Reached
from api.services import Services
from api.store.reach import CENTRE
from tests.api.channels.receiver import Receiver
from tests.api.push.test_push import nudges, raise_alert, subscribe
from tests.api.support import SettableClock, add_user

pytestmark = pytest.mark.network


async def test_nudges_are_counted_and_stay_counted_once_a_browser_has_left(
    services: Services,
    client: httpx.AsyncClient,
    service: Receiver,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    await nudges(services)
    for name in ("ann", "bob"):
        await add_user(services, name)
        await subscribe(client, name, service, name)
    alert = await raise_alert(services)
    (line,) = (await services.alerts.one(CENTRE, alert)).told
    assert (line.destination, line.state, line.browsers, line.key) == (
        "browsers", Reached.TAKEN, 2, ""
    )  # fmt: skip
    await connection.execute(
        "delete from push_subscription where subscription ="
        " (select min(subscription) from push_subscription)"
    )
    assert (await services.alerts.one(CENTRE, alert)).told == [line]
    clock.move(days=8)
    await services.worker.forget()
    assert await connection.fetchval("select count(*) from outbox") == 0
    assert (await services.alerts.one(CENTRE, alert)).told == [line]
    kept = await connection.fetchrow("select * from alert_told")
    assert kept is not None
    assert kept["key"] is None
