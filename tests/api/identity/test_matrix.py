"""Every address as every role, as nobody and as another organisation: each sees what is theirs.

The matrix is made from the OpenAPI document, so that an address which is added is tried as well.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.downlink.commands import IssueRequest
from api.identity.doors import MARK, OPEN, SIGNED_IN
from api.identity.permissions import ALLOWED, Permission, Role
from api.refusals import NotAllowed, NotFound
from api.services import Services
from api.store.reach import within
from tests.api.support import PASSWORD, add_alert, add_device, add_user

OPEN_TO_ALL = {
    "GET /healthz", "GET /readyz", "POST /v1/session",
    "POST /v1/claims", "POST /v1/hubs/{hub}/batches", "GET /v1/hubs/{hub}/downlink",
    "POST /v1/hubs/{hub}/key", "POST /v1/session/passkey", "POST /v1/session/passkey/options",
    "POST /v1/invitation",
}  # fmt: skip
"""Whatever else asks for nobody in particular was forgotten."""
SECRET = "Flat of secrets"
_COUNT = 'select count(*) from "{}"'


@dataclass
class World:
    """A home of organisation 1 with all that can be asked for, and one of organisation 2."""

    home: str
    hub: str
    alert: int
    command: str
    theirs: int

    def fill(self, path: str) -> str:
        known = {
            "home": self.home,
            "hub": self.hub,
            "alert": self.alert,
            "command": self.command,
            "organisation": 1,
        }
        return path.format_map(_Known(known))


class _Known(dict[str, object]):
    def __missing__(self, _: str) -> str:
        return "999999"


@dataclass
class Visit:
    """Somebody at the centre's door, with a session or without."""

    client: httpx.AsyncClient
    csrf: str

    async def ask(self, method: str, path: str) -> httpx.Response | None:
        """The answer; None of a stream, which is open to whoever asked and has no end."""
        body: dict[str, str] | None = None if method == "GET" else {}
        headers = {"x-csrf-token": self.csrf}
        asked = self.client.request(method, path, json=body, headers=headers)
        try:
            return await asyncio.wait_for(asked, 0.5 if path == "/v1/live" else 20)
        except TimeoutError:
            return None


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://centre")


async def _visit(app: FastAPI, name: str) -> Visit:
    client = _client(app)
    answer = await client.post("/v1/session", json={"username": name, "password": PASSWORD})
    return Visit(client, answer.json()["csrf"])


@pytest.fixture
async def world(services: Services) -> World:
    other = await services.organisations.add("Others")
    device = await add_device(services, "ours", label=SECRET)
    alert = await add_alert(services, device)
    boss = await add_user(services, "boss", role="administrator", organisations=[1])
    await services.configurations.put("ours", b"{}", boss, seen=0)
    sent = await services.commands.issue(device.hub, IssueRequest(kind="test"), boss)
    return World("ours", device.hub, alert, sent.id, other.organisation)


@pytest.fixture
async def clients(
    app: FastAPI, services: Services, world: World
) -> AsyncIterator[dict[str, Visit]]:
    found = {}
    for name in (*Role, "stranger"):
        role = Role.ADMINISTRATOR if name == "stranger" else name
        whose = [world.theirs] if name == "stranger" else [1]
        await add_user(services, name, role=role, organisations=whose)
        found[name] = await _visit(app, name)
    found["nobody"] = Visit(_client(app), "")
    yield found
    for one in found.values():
        await one.client.aclose()


def addresses(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, path and whom it is for; what ends a session comes last."""
    found = [
        (method.upper(), path, one[MARK])
        for path, item in app.openapi()["paths"].items()
        for method, one in item.items()
    ]
    return sorted(found, key=lambda one: (one[0] == "DELETE", one[1] == "/v1/session"))


def test_no_address_was_left_open_by_forgetting(app: FastAPI) -> None:
    found = {f"{method} {path}" for method, path, whom in addresses(app) if whom == OPEN}
    assert found == OPEN_TO_ALL


async def test_every_address_lets_in_exactly_whom_the_table_allows(
    app: FastAPI, clients: dict[str, Visit], world: World
) -> None:
    for method, path, whom in addresses(app):
        if whom == OPEN:
            continue
        for role in Role:
            answer = await clients[role].ask(method, world.fill(path))
            told = f"{method} {path} as {role}"
            refused = answer is not None and answer.status_code == 403
            may = whom == SIGNED_IN or Permission(whom) in ALLOWED[role]
            assert refused == (not may), told
            assert answer is None or answer.status_code not in {401, 500}, told


async def test_nobody_gets_in_without_signing_in_and_a_hub_only_with_its_token(
    app: FastAPI, clients: dict[str, Visit], world: World
) -> None:
    for method, path, whom in addresses(app):
        if whom == OPEN and "{hub}" not in path:
            continue
        who = ["nobody"] if whom != OPEN else ["nobody", Role.ADMINISTRATOR]
        for name in who:
            answer = await clients[name].ask(method, world.fill(path))
            assert answer is not None, path
            assert answer.status_code == 401, f"{method} {path} as {name}"


async def test_another_organisation_s_administrator_sees_and_changes_nothing_of_ours(
    app: FastAPI, clients: dict[str, Visit], world: World, connection: asyncpg.Connection
) -> None:
    before = await _rows(connection)
    for method, path, whom in addresses(app):
        if whom == OPEN:
            continue
        answer = await clients["stranger"].ask(method, world.fill(path))
        if answer is None:
            continue
        told = f"{method} {path}"
        if "{" in path:
            nothing = answer.status_code in {404, 422} or answer.text == "[]"
            assert nothing, told
        for ours in (SECRET, world.hub, world.command, "h:uti_risk"):
            assert ours not in _beyond_the_address(answer, world, path), told
    assert await _rows(connection) == before


def _beyond_the_address(answer: httpx.Response, world: World, path: str) -> str:
    """What the answer tells that was not in the question."""
    told = answer.text
    for asked in (world.home, world.hub, world.command):
        if "{" in path:
            told = told.replace(asked, "")
    return told


async def _rows(connection: asyncpg.Connection) -> object:
    alert = await connection.fetchrow("select state, version, holder from alert")
    told = await connection.fetchval("select count(*) from command")
    return alert, told, await connection.fetchval("select label from home where home = 'ours'")


async def test_the_services_refuse_a_role_by_themselves(services: Services, world: World) -> None:
    looker = await add_user(services, "looker", role="care_professional", organisations=[1])
    for refused in (
        services.alerts.claim(world.alert, looker),
        services.configurations.put(world.home, b"{}", looker, seen=0),
        services.commands.issue(world.hub, IssueRequest(kind="test"), looker),
    ):
        with pytest.raises(NotAllowed, match=r"^Only an? .* may .*\.$"):
            await refused


async def test_row_level_security_alone_keeps_what_services_show_apart(
    services: Services, world: World
) -> None:
    reach = within([world.theirs])
    for nothing in (
        services.alerts.one(reach, world.alert),
        services.homes.one(reach, world.home),
        services.homes.days(reach, world.home),
        services.homes.activity(reach, world.home),
        services.homes.relabel(reach, world.home, "Mine"),
        services.configurations.of(reach, world.home),
        services.commands.one(reach, world.hub, world.command),
    ):
        with pytest.raises(NotFound):
            await nothing
    assert await services.homes.all(reach) == []
    assert await services.commands.of_hub(reach, world.hub) == []
    queue = await services.alerts.queue(reach)
    assert [*queue.urgent, *queue.advisory, *queue.technical] == []


async def test_row_level_security_alone_hides_every_row_of_every_table(
    services: Services, world: World, connection: asyncpg.Connection
) -> None:
    """No table that staff may read shows a row of organisation 1 to organisation 2."""
    names = await connection.fetch(
        "select relname from pg_class where relkind in ('r', 'p', 'v', 'm') "
        "and relnamespace = 'public'::regnamespace "
        "and has_any_column_privilege('telecare_organisation', oid, 'select')"
    )
    tables = {row["relname"] for row in names} - {"migration", "staff", "organisation"}
    tables -= {"duty"}  # those of nobody in particular are everybody's
    assert {"home", "alert", "audit", "event", "command"} <= tables
    filled = [name for name in tables if await connection.fetchval(_COUNT.format(name))]
    assert {"home", "alert", "audit", "command", "configuration"} <= set(filled)
    async with services.database.transaction(within([world.theirs])) as inside:
        assert await inside.fetchval("select count(*) from audit where chain = 1") == 0
        for name in sorted(tables - {"audit", "cohort"}):  # of their own there are some
            assert await inside.fetchval(_COUNT.format(name)) == 0, name
        assert await inside.fetchval("select count(*) from organisation") == 1
