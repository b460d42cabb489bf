"""Somebody at the centre's door, and every address that they can ask for."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from api.identity.doors import MARK, OPEN, SIGNED_IN
from api.identity.permissions import ALLOWED, Permission, Role
from api.services import Services
from tests.api.support import PASSWORD, add_user

STRANGERS = [
    pytest.param((Role.ADMINISTRATOR, Role.CARE_PROFESSIONAL), id="two roles"),
    pytest.param(tuple(Role), id="every role", marks=pytest.mark.slow),
]
"""Of another organisation: who may do everything and who looks by consent, or one of each role."""
LIVE = "/v1/live"
"""An event stream, which is open to whoever asked and has no end."""


@dataclass
class Visit:
    """Somebody with a session or without."""

    client: httpx.AsyncClient
    csrf: str = ""
    role: Role | None = None
    staff: int = 0

    async def ask(
        self, method: str, path: str, body: Any = None, *, bearer: str = "", **query: Any
    ) -> httpx.Response | None:
        """The answer; None of a stream."""
        headers = {"x-csrf-token": self.csrf}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        asked = self.client.request(method, path, json=body, headers=headers, params=query or None)
        try:
            return await asyncio.wait_for(asked, 0.5 if path == LIVE else 20)
        except TimeoutError:
            return None

    async def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """A form of the console's."""
        return await self.client.post(path, data={**fields, "csrf_token": self.csrf})

    def may(self, whom: str) -> bool:
        """Whether the table lets them in at an address that is for `whom`."""
        if self.role is None:
            return whom == OPEN
        return whom == SIGNED_IN or Permission(whom) in ALLOWED[self.role]


def guest(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://centre")


async def visit(
    app: FastAPI, services: Services, username: str, role: Role, organisation: int
) -> Visit:
    """A new member of an organisation's staff, signed in."""
    name = f"{username} of {organisation}"
    member = await add_user(services, username, name=name, role=role, organisations=[organisation])
    client = guest(app)
    answer = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    return Visit(client, answer.json()["csrf"], role, member.id)


def addresses(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, path and whom it is for; what ends a session comes last."""
    found = [
        (method.upper(), path, one[MARK])
        for path, item in app.openapi()["paths"].items()
        for method, one in item.items()
    ]
    return sorted(found, key=lambda one: (one[0] == "DELETE", one[1] == "/v1/session"))


NUMBERS = {
    "/staff/": "staff",
    "/account/passkeys/": "passkey",
    "/account/sessions/": "session",
    "/account/tokens/": "token",
}
"""What the console's plain `number` is of."""


def pages(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of each address of the console, its parameters named as the API's are."""
    found = {
        (method, _named(path))
        for path, methods in _routed(app.routes)
        for method in methods - {"HEAD"}
        if not path.startswith("/v1/") and path not in app.openapi()["paths"]
    }
    return sorted(found)


def _named(path: str) -> str:
    plain = re.sub(r":\w+}", "}", path)
    number = next((name for begin, name in NUMBERS.items() if plain.startswith(begin)), "number")
    return plain.replace("{number}", f"{{{number}}}")


def _routed(routes: Iterable[BaseRoute], under: str = "") -> Iterator[tuple[str, set[str]]]:
    for route in routes:
        included = getattr(route, "original_router", None)  # a router that was included
        if included is not None:
            yield from _routed(included.routes, under)
        elif isinstance(route, Mount):
            yield from _routed(getattr(route, "routes", None) or [], under + route.path)
        elif isinstance(route, Route):
            yield under + route.path, set(cast("set[str]", route.methods or ()))


def parameters(path: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", path))
