"""Who is refused is told what was wrong and what to do; who meets a fault is told no secret."""

import logging

import httpx
import pytest
from fastapi import FastAPI

from api import refusals
from api.web.headers import CONTENT_SECURITY_POLICY
from api.web.problems import STATUS, status_of


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/", 404),
        ("PUT", "/v1/session", 405),
        ("GET", "/v1/claims", 405),
        ("GET", "/v1/alerts", 401),
        ("POST", "/v1/claims", 422),
    ],
)
async def test_every_refusal_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() >= {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert problem["detail"].endswith(".")


async def test_a_fault_is_logged_and_tells_nothing_of_the_inside(
    app: FastAPI, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise RuntimeError("the secret inside")

    app.add_api_route("/fault", fail)
    app.router.routes.insert(0, app.router.routes.pop())  # before the console, which takes all
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/fault")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "secret" not in answer.text
    assert "the secret inside" in caplog.text


def test_every_kind_of_refusal_has_a_status() -> None:
    kinds = [
        kind
        for kind in vars(refusals).values()
        if isinstance(kind, type) and issubclass(kind, refusals.Refused)
    ]
    for kind in kinds:
        if kind not in {refusals.Refused, refusals.Later}:
            assert kind in STATUS

    class Narrower(refusals.Conflict):
        """A narrower word of a room's own."""

    assert status_of(Narrower("no")) == 409
