"""One number leads from a hub's record to the operator's click, and no line names anybody."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.operation.logs import TEXT, JsonLines, Lines
from api.refusals import Conflict
from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_device, add_user

NEEDLES = ("Needle", "needle", PASSWORD, "h-of-one", "Toileting", "192.0.2.1")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a centre writes that logs as JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.INFO)
    story = logging.getLogger("api.story")
    story.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield out
    root.removeHandler(handler)
    story.setLevel(logging.NOTSET)
    root.setLevel(before)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_an_alert_can_be_followed_from_its_batch_to_the_click(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, written: io.StringIO
) -> None:
    device = await add_device(services, "h-of-one", label="Needle House")
    await add_user(services, "needle", name="Ann Needle")
    sent = await client.post(
        f"/v1/hubs/{device.hub}/batches",
        content=device.batch_json([device.event(1, note="Needle"), device.alert(2)]),
        headers={
            "Authorization": f"Bearer {device.token(clock.now)}",
            "X-Correlation-Id": "batch-0001",
        },
    )
    assert sent.status_code == 200
    credentials = {"username": "needle", "password": PASSWORD}
    signed = await client.post("/v1/session", json=credentials)
    queue = await client.get("/v1/alerts")
    alert = queue.json()["advisory"][0]["id"]
    csrf = {"X-CSRF-Token": signed.json()["csrf"], "X-Correlation-Id": "click-0001"}
    assert (await client.post(f"/v1/alerts/{alert}/claim", headers=csrf)).status_code == 200
    await client.get("/v1/homes/h-of-one?Needle=1")
    said = lines(written)
    about = [one for one in said if one.get("alert") == alert]
    assert (about[0]["correlation"], about[0]["seq"]) == ("batch-0001", 2)
    assert ("click-0001", "alert.claim") in {
        (one["correlation"], one.get("action")) for one in about
    }
    routes = {(one["correlation"], one["route"]) for one in said if "route" in one}
    assert ("batch-0001", "/v1/hubs/{hub}/batches") in routes
    assert ("click-0001", "/v1/alerts/{alert}/claim") in routes
    assert "/v1/homes/{home}" in {one.get("route") for one in said}
    for needle in NEEDLES:
        assert needle not in written.getvalue()


@pytest.mark.parametrize("formatter", [JsonLines(), Lines(TEXT)])
async def test_a_fault_is_told_by_its_kind_and_place_and_not_by_the_row_it_was_about(
    services: Services, formatter: logging.Formatter
) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    log = logging.getLogger(f"apart.{id(formatter)}")
    log.propagate = False
    log.addHandler(handler)
    await add_user(services, "needle")
    try:
        await add_user(services, "needle")
    except Conflict:
        log.exception("a fault")
    try:
        int("Mrs Needle at 192.0.2.1")
    except ValueError:
        log.exception("a fault")
    told = out.getvalue()
    assert told.count("a fault") == 2
    assert "ValueError" in told
    assert "test_logs.py" in told
    for needle in NEEDLES:
        assert needle not in told
