"""Every answer, whatever was asked for, may be neither framed, guessed at nor kept."""

import logging
import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.operation.logs import TEXT, Lines
from api.services import Services
from api.web.headers import ALWAYS
from tests.api.support import PASSWORD, add_user


async def test_no_page_can_be_framed_or_kept_by_a_cache(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, role="administrator")
    signed_in = await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    assert signed_in.status_code == 303
    paths = sorted(_paths(app))
    assert len(paths) > 60
    for path in paths:
        headers = (await client.get(path)).headers
        for name, value in ALWAYS.items():
            assert headers[name] == value, (path, name)
    csp = ALWAYS["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in csp
    assert "form-action 'self'" in csp


def _paths(app: FastAPI) -> set[str]:
    found = {"/v1/nowhere", "/nowhere", "/"}
    for method_path in app.openapi()["paths"]:
        found.add(re.sub(r"\{\w+\}", "1", method_path))
    for route in app.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            found.add(re.sub(r"\{\w+(:\w+)?\}", "1", route.path))
    return {path for path in found if "live" not in path and "downlink" not in path}


async def test_no_file_beside_the_console_s_own_is_handed_out(client: httpx.AsyncClient) -> None:
    for path in (
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/..%5capp.py",
        "/static/%2e%2e%2fapp.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/",
    ):  # fmt: skip
        answer = await client.get(path)
        assert answer.status_code in {404, 405}, path
        assert "import" not in answer.text, path


@pytest.mark.parametrize("steers", ["\n", "\r", "\x1b[2J", "\u2028", "\u202e", "\x85"])
def test_no_word_of_others_begins_a_line_of_the_log_or_steers_a_terminal(steers: str) -> None:
    said = f"x{steers}ERROR api.audit: all is well"
    record = logging.LogRecord("api", logging.WARNING, "", 1, "not believed: %s", (said,), None)
    line = Lines(TEXT).format(record)
    assert steers[0] not in line
    assert line.startswith("WARNING api: not believed: x\\u")


async def test_an_id_that_a_caller_chose_comes_back_only_where_it_is_plain(
    client: httpx.AsyncClient,
) -> None:
    for odd in ("x", "a" * 65, "a b c d e f", "<script>a", "name@example.org"):
        answer = await client.get("/healthz", headers={"X-Correlation-Id": odd})
        assert re.fullmatch(r"[0-9a-f]{24}", answer.headers["x-correlation-id"]), odd
    plain = await client.get("/healthz", headers={"X-Correlation-Id": "plain-0001"})
    assert plain.headers["x-correlation-id"] == "plain-0001"
