"""Every answer, whatever was asked for, may be neither framed, guessed at nor kept."""

import logging
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

import api.console.routes
from api.operation.logs import TEXT, Lines
from api.services import Services
from api.web.headers import ALWAYS
from tests.api.support import PASSWORD, add_alert, add_device, add_user

STREAMS = {"/v1/live"}
"""Addresses whose answers have no end."""


async def test_no_page_can_be_framed_or_kept_by_a_cache(
    app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, role="administrator")
    await add_alert(services, await add_device(services, "1"))  # so that pages are of something
    signed_in = await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    assert signed_in.status_code == 303
    paths = sorted(_paths(app))
    assert len(paths) > 160
    shown = 0
    for path in paths:
        answer = await client.get(path)
        assert answer.status_code < 500, path
        shown += answer.status_code == 200
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (path, name)
    assert shown > 70
    csp = ALWAYS["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in csp
    assert "form-action 'self'" in csp


def _paths(app: FastAPI) -> set[str]:
    """Every address that can be asked for, and some that cannot, but for streams without an end."""
    found = {"/v1/nowhere", "/nowhere", "/", "/static/nowhere.js", *_routed(app.routes)}
    return {re.sub(r"\{\w+(:\w+)?\}", "1", path) for path in found if path not in STREAMS}


def _routed(routes: Iterable[BaseRoute], under: str = "") -> Iterator[str]:
    """The addresses of routes, of the routers that are included in them, and of mounted parts."""
    for route in routes:
        included = getattr(route, "original_router", None)  # a router that was included
        if included is not None:
            yield from _routed(included.routes, under)
        elif isinstance(route, Mount):
            yield from _routed(route.routes, under + route.path)
        else:
            yield under + cast("Route", route).path


def test_what_is_walked_is_all_that_the_document_and_the_console_s_own_files_name(
    app: FastAPI,
) -> None:
    walked = set(_routed(app.routes))
    written = {re.sub(r":\w+\}", "}", path) for path in walked}
    assert set(app.openapi()["paths"]) <= written
    modules = [
        import_module(f"{api.console.routes.__name__}.{one.name}")
        for one in iter_modules(api.console.routes.__path__)
    ]
    pages = {route.path for module in modules for route in module.router.routes}
    assert len(pages) > 60
    assert pages <= walked
    assert walked >= STREAMS


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
