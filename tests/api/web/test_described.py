"""What the OpenAPI document says is what programs are written against: no answer may be another.

Schemathesis makes requests of the whole document, right ones and wrong ones, and holds each answer
against it. Left out are the stream, which has no end, and the end of the session that asks.
"""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.downlink.commands import IssueRequest
from api.services import Services
from tests.api.support import PASSWORD, add_alert, add_device, add_user

schemathesis = pytest.importorskip("schemathesis", reason="an extra of development")
generation = pytest.importorskip("schemathesis.generation")
conformance = pytest.importorskip("schemathesis.specs.openapi.checks")

LEFT_OUT = {("GET", "/v1/live"), ("DELETE", "/v1/session")}


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> httpx.AsyncClient:
    """Signed in, beside a home with an alert and a command, so that some requests hit."""
    device = await add_device(services, "h1")
    await add_alert(services, device)
    boss = await add_user(services, "boss", role="administrator")
    await services.commands.issue(device.hub, IssueRequest(kind="test", id="c1"), boss)
    answer = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


def _operations(app: FastAPI) -> list[Any]:
    found = schemathesis.openapi.from_dict(app.openapi()).get_all_operations()
    operations = [one.ok() for one in found]
    return [one for one in operations if (one.method.upper(), one.path) not in LEFT_OUT]


CHECKS = [
    schemathesis.checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
]


@pytest.mark.parametrize("each", [6, pytest.param(40, marks=pytest.mark.slow)])
async def test_every_answer_is_one_that_the_document_describes(
    app: FastAPI, administrator: httpx.AsyncClient, each: int
) -> None:
    """With so many requests to each address of each kind: what the document allows, and others."""
    seen: dict[str, set[int]] = {}
    operations = _operations(app)
    assert len(operations) > 20
    for operation in operations:
        await _hold(operation, administrator, seen.setdefault(operation.label, set()), each)
    fine = {status for one in seen.values() for status in one}
    assert {200, 404, 422} <= fine, "requests never got far enough to tell anything"


async def _hold(operation: Any, client: httpx.AsyncClient, seen: set[int], each: int) -> None:
    """Tries one address; hypothesis runs synchronous code alone, so what it drew is tried after."""
    drawn: list[Any] = []
    kinds = [operation.as_strategy(generation_mode=mode) for mode in _kinds(operation)]

    @settings(
        max_examples=each, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        drawn.extend(data.draw(one) for one in kinds)

    draw()
    for case in drawn:
        wanted = case.as_transport_kwargs(base_url="http://centre")
        answer = await client.request(**_for_httpx(wanted))
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)


def _kinds(operation: Any) -> list[Any]:
    """Where nothing is asked for, no request can be wrong."""
    asks = operation.body or operation.path_parameters or operation.query
    return list(generation.GenerationMode) if asks else [generation.GenerationMode.POSITIVE]


def _for_httpx(wanted: dict[str, Any]) -> dict[str, Any]:
    """As httpx takes it: what is raw goes in as content."""
    data = wanted.pop("data", None)
    known: dict[str, Any] = {
        key: wanted[key] for key in ("method", "url", "headers", "params", "json") if key in wanted
    }
    if data is not None:
        known["content"] = data if isinstance(data, bytes | str) else b""
    known["headers"] = {
        key: value for key, value in dict(known.get("headers") or {}).items()
        if key.lower() not in {"content-length", "transfer-encoding"}
    }  # fmt: skip
    return known
