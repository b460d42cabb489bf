"""Every address as every role and as nobody: each is let in where the table says so.

The matrix is made from the OpenAPI document, so that an address which is added is tried as well.
What other organisations see of it is in `tests/api/isolation`.
"""

import pytest
from fastapi import FastAPI

from api.downlink.commands import IssueRequest
from api.identity.doors import OPEN
from api.refusals import NotAllowed, NotFound
from api.services import Services
from api.store.reach import within
from tests.api.isolation.conftest import (
    app,
    boss,
    clock,
    lived,
    migrated_url,
    ours,
    visitors,
    world,
)
from tests.api.isolation.visits import Visit, addresses, guest
from tests.api.isolation.world import World
from tests.api.support import add_user

__all__ = ["app", "boss", "clock", "lived", "migrated_url", "ours", "visitors", "world"]

OPEN_TO_ALL = {
    "GET /healthz", "GET /readyz", "POST /v1/session",
    "POST /v1/claims", "POST /v1/hubs/{hub}/batches", "GET /v1/hubs/{hub}/downlink",
    "POST /v1/hubs/{hub}/key", "POST /v1/session/passkey", "POST /v1/session/passkey/options",
    "POST /v1/invitation",
}  # fmt: skip
"""Whatever else asks for nobody in particular was forgotten."""


def body_of(method: str) -> dict[str, str] | None:
    return None if method == "GET" else {}


def test_no_address_was_left_open_by_forgetting(app: FastAPI) -> None:
    found = {f"{method} {path}" for method, path, whom in addresses(app) if whom == OPEN}
    assert found == OPEN_TO_ALL


async def test_every_address_lets_in_exactly_whom_the_table_allows(
    app: FastAPI, ours: list[Visit], world: World
) -> None:
    for method, path, whom in addresses(app):
        if whom == OPEN:
            continue
        for one in ours:
            answer = await one.ask(method, path.format_map(world.things), body_of(method))
            told = f"{method} {path} as {one.role}"
            refused = answer is not None and answer.status_code == 403
            assert refused == (not one.may(whom)), told
            assert answer is None or answer.status_code not in {401, 500}, told


async def test_nobody_gets_in_without_signing_in_and_a_hub_only_with_its_token(
    app: FastAPI, boss: Visit, world: World
) -> None:
    async with guest(app) as client:
        nobody = Visit(client)
        for method, path, whom in addresses(app):
            if whom == OPEN and "{hub}" not in path:
                continue
            for one in [nobody] if whom != OPEN else [nobody, boss]:
                answer = await one.ask(method, path.format_map(world.things), body_of(method))
                assert answer is not None, path
                assert answer.status_code == 401, f"{method} {path} as {one.role}"


async def test_the_services_refuse_a_role_by_themselves(services: Services, world: World) -> None:
    looker = await add_user(services, "looker", role="care_professional", organisations=[1])
    things = world.things
    for refused in (
        services.alerts.claim(int(things["alert"]), looker),
        services.configurations.put(things["home"], b"{}", looker, seen=0),
        services.commands.issue(things["hub"], IssueRequest(kind="test"), looker),
    ):
        with pytest.raises(NotAllowed, match=r"^Only an? .* may .*\.$"):
            await refused


async def test_row_level_security_alone_keeps_what_services_show_apart(
    services: Services, world: World
) -> None:
    reach, things = within([world.other]), world.things
    for nothing in (
        services.alerts.one(reach, int(things["alert"])),
        services.homes.one(reach, things["home"]),
        services.homes.days(reach, things["home"]),
        services.homes.activity(reach, things["home"]),
        services.homes.relabel(reach, things["home"], "Mine"),
        services.configurations.of(reach, things["home"]),
        services.commands.one(reach, things["hub"], things["command"]),
    ):
        with pytest.raises(NotFound):
            await nothing
    assert [one.home for one in await services.homes.all(reach)] == [world.theirs["home"]]
    assert await services.commands.of_hub(reach, things["hub"]) == []
    queue = await services.alerts.queue(reach)
    waiting = [*queue.urgent, *queue.advisory, *queue.technical]
    assert [f"{one.id}" for one in waiting] == [world.theirs["alert"]]
