"""A hub that says far too much calls for help all the same, and drowns nobody who is to hear it."""

from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from api.channels.registry import CHANNELS
from api.outbox.worker import Worker
from api.services import Services
from api.store.reach import CENTRE
from api.store.sealed import Seal
from tests.api.alerts.test_routes import signed_in
from tests.api.channels.receiver import receiver
from tests.api.outbox.test_replicas import KEY, add_webhook
from tests.api.support import add_alert, add_device, add_user

pytestmark = pytest.mark.network

WHOLE = 200_000
SHOWN = 1000
LONG = ("Call: é👵🏽 <b>" * WHOLE)[:WHOLE]
CALL: dict[str, Any] = {"condition": "help_button", "severity": "urgent"}
SAID_AT_LENGTH: dict[str, Any] = {**CALL, "text": LONG, "prompt": LONG, "subject": LONG}


async def test_a_call_of_200_000_characters_is_taken_and_kept_whole(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    device = await add_device(services)
    batch = device.batch([device.alert(1, **SAID_AT_LENGTH)])
    receipt = await services.ingest.store(batch, device.home)
    assert (receipt.stored, receipt.refused) == (1, [])
    await signed_in(client, "ann")
    asked = await client.get("/v1/alerts")
    (queued,) = asked.json()["urgent"]
    assert len(asked.content) < 10 * SHOWN
    assert (queued["text"], queued["prompt"]) == (LONG[: SHOWN - 1] + "…",) * 2
    assert queued["subject"] == LONG[:127] + "…"
    report = (await client.get(f"/v1/alerts/{queued['id']}")).json()["report"]
    assert (report["text"], report["prompt"], report["subject"]) == (LONG,) * 3


async def test_the_pages_that_everybody_fetches_again_and_again_stay_small(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    device = await add_device(services)
    short = await add_alert(services, device, 1, **CALL)
    await signed_in(client, "ann")
    pages = {page: (await client.get(page)).text for page in ("/queue", f"/alerts/{short}")}
    long = await add_alert(services, device, 2, **SAID_AT_LENGTH)
    for page, before in pages.items():
        after = (await client.get(page.replace(f"{short}", f"{long}"))).text
        assert "Call: é👵🏽 &lt;b&gt;" in after, "what it begins with is seen"
        assert len(after) < len(before) + 20 * SHOWN, page


async def test_a_webhook_is_told_the_beginning_of_a_long_call(services: Services) -> None:
    async with receiver() as desk:
        await add_webhook(services, desk.url)
        await add_alert(services, await add_device(services), **SAID_AT_LENGTH)
        sender = Worker(
            services.database, services.clock, CHANNELS, seal=Seal(KEY), random=lambda: 1.0
        )
        await sender.run_dry()
        (got,) = desk.got
    told = msgspec.json.decode(got.body)
    assert told["text"] == told["prompt"] == LONG[: SHOWN - 1] + "…"
    assert len(got.body) < 10 * SHOWN


async def test_a_long_call_that_is_made_again_leaves_a_short_line_in_the_history(
    services: Services,
) -> None:
    ann = await add_user(services)
    device = await add_device(services)
    alert = await add_alert(services, device, id="one", **CALL)
    await services.alerts.claim(alert, ann)
    await services.alerts.resolve(alert, ann, "true_concern")
    pressed = [{"measure": "presses", "label": "", "unit": "", "value": 2, "text": LONG}]
    again = {**SAID_AT_LENGTH, "version": 2, "evidence": pressed}
    batch = device.batch([device.alert(2, id="one", **again)])
    await services.ingest.store(batch, device.home)
    found = await services.alerts.one(CENTRE, alert)
    assert found.alert.text == LONG[: SHOWN - 1] + "…"
    assert (found.history[-1].action, len(found.history[-1].note)) == ("return", SHOWN)


async def test_what_a_version_before_wrote_at_length_is_cut_too(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await add_device(services)
    alert = await add_alert(services, device, **CALL, text="x" * SHOWN)
    kept = "select char_length(text) || right(text, 1) from alert where id = $1"
    assert await connection.fetchval(kept, alert) == "1000x", "what fits is as it was said"
    await connection.execute("update alert set text = text || 'y' where id = $1", alert)
    assert await connection.fetchval(kept, alert) == "1000…"
