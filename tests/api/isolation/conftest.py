"""A centre in which everything has happened, lived through once a run; each test has a copy."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.identity.permissions import Role
from api.settings import Settings
from api.store.migrate import migrate
from tests.api.conftest import QUICK
from tests.api.isolation.visits import STRANGERS, Visit, guest, visit
from tests.api.isolation.world import Lived, World, build
from tests.api.people.conftest import app
from tests.api.support import SettableClock
from tests.support.database import Postgres

__all__ = ["app"]


@pytest.fixture(scope="session")
def lived(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    key = tmp_path_factory.mktemp("isolation") / "key"
    key.write_text(base64.b64encode(b"k" * 32).decode())
    url = postgres.create_database()
    with asyncio.Runner() as runner:
        return runner.run(_live(Settings(database_url=url, secret_key_file=str(key))))


async def _live(settings: Settings) -> Lived:
    clock = SettableClock()
    app = create_app(settings, clock=clock, passwords=QUICK)
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(settings.database_url)
        stack.push_async_callback(connection.close)
        await migrate(connection)
        services = app.state.services
        stack.push_async_callback(services.database.close)
        boss = await visit(app, services, "zqboss", Role.ADMINISTRATOR, 1)
        world = await build(services, boss, clock, connection)
        who = [boss]
        for organisation, called in ((1, "zq-our"), (world.other, "their")):
            who += [
                await visit(app, services, f"{called}-{role}", role, organisation) for role in Role
            ]
        for one in who:
            await one.client.aclose()
    return Lived(settings.database_url, world, clock.now, who)


@pytest.fixture
def clock(lived: Lived) -> SettableClock:
    return SettableClock(lived.now)


@pytest.fixture
async def migrated_url(postgres: Postgres, lived: Lived) -> AsyncIterator[str]:
    """A database of the test's own, in which everything has happened."""
    async with postgres.copy_of(lived.url) as url:
        yield url


@pytest.fixture
def world(lived: Lived) -> World:
    return lived.world


@pytest.fixture
async def visitors(app: FastAPI, lived: Lived) -> AsyncIterator[list[Visit]]:
    """Whoever has signed in, in this copy."""
    async with AsyncExitStack() as stack:
        found = []
        for one in lived.who:
            client = await stack.enter_async_context(guest(app))
            client.cookies = httpx.Cookies(one.client.cookies)
            found.append(Visit(client, one.csrf, one.role, one.staff))
        yield found


@pytest.fixture
def boss(visitors: list[Visit]) -> Visit:
    """The administrator of organisation 1 who did all that was done there."""
    return visitors[0]


@pytest.fixture
def ours(visitors: list[Visit]) -> list[Visit]:
    """Staff of organisation 1, one of each role."""
    return visitors[1 : 1 + len(Role)]


@pytest.fixture(params=STRANGERS)
def strangers(request: pytest.FixtureRequest, visitors: list[Visit]) -> list[Visit]:
    """Staff of the other organisation."""
    return [one for one in visitors[1 + len(Role) :] if one.role in request.param]
