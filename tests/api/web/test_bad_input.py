"""No request whatever may bring the service down: each gets an answer, and never a 5xx."""

import itertools
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.services import Services
from tests.api.support import PASSWORD, Device, SettableClock, add_alert, add_device, add_user

ROUTES = [
    ("GET", "/v1/alerts/{}"),
    ("GET", "/v1/alerts?limit={}"),
    ("GET", "/v1/homes/{}"),
    ("GET", "/v1/homes?after={}"),
    ("GET", "/v1/homes/h1/days?days={}"),
    ("GET", "/v1/homes/h1/days?until={}"),
    ("GET", "/v1/{}"),
    ("DELETE", "/v1/alerts/{}"),
    ("POST", "/v1/alerts/{}/claim"),
    ("POST", "/v1/alerts/1/note"),
    ("POST", "/v1/alerts/1/resolve"),
    ("POST", "/v1/session"),
    ("POST", "/v1/claims"),
    ("POST", "/v1/hubs/{}/batches"),
]
_epochs = itertools.count()
nasty = st.text(max_size=30) | st.sampled_from(
    [
        "0",
        "-1",
        "1e9",
        "9" * 30,
        "%00",
        "%ff",
        "..",
        "%2e%2e%2f",
        "'--",
        "null",
        "NaN",
        "9999-12-31",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | nasty,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "outcome", "note", "seen", "code", "public_key", "username", "password"]
            ),
            inner,
        )
    ),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(ROUTES), nasty, values.map(json.dumps).map(str.encode) | st.binary(max_size=20)
)
async def test_each_request_gets_an_answer_and_never_a_fault(
    desk: httpx.AsyncClient,
    route: tuple[str, str],
    part: str,
    body: bytes,
) -> None:
    method, path = route
    request = desk.build_request(method, httpx.URL(path.format(_quoted(part))), content=body)
    answer = await desk.send(request)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@pytest.fixture
async def desk(client: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """A client whose user is signed in and may change things, so that requests get far."""
    await add_user(services)
    await add_alert(services, await add_device(services, "h1"))
    answer = await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


def _quoted(part: str) -> str:
    """As a client would send it, but for escapes that are already there."""
    escaped = part.startswith("%") and part.isascii() and part.isprintable()
    return part if escaped else str(httpx.URL("http://x", params={"": part}))[9:]


@pytest.fixture
async def device(services: Services) -> Device:
    return await add_device(services)


batches = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["v", "hub", "epoch", "records", "seq", "kind", "body", "home"]), inner
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches, st.lists(st.tuples(st.integers(1, 50), batches), max_size=5))
async def test_no_batch_of_a_hub_is_a_fault(
    client: httpx.AsyncClient,
    device: Device,
    clock: SettableClock,
    whole: Any,
    bodies: list[tuple[int, Any]],
) -> None:
    kinds = ("event", "assessment", "alert", "health", "other")
    records = [{"seq": seq, "kind": kinds[seq % len(kinds)], "body": body} for seq, body in bodies]
    headers = {"Authorization": f"Bearer {device.token(clock.now)}"}
    address = f"/v1/hubs/{device.hub}/batches"
    for content in (json.dumps(whole).encode(), device.batch_json(records, f"e{next(_epochs)}")):
        answer = await client.post(address, content=content, headers=headers)
        assert answer.status_code in {200, 403, 422}
