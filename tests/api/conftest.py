"""The centre over a database of the test's own, with a clock that the test sets."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from api.app import create_app
from api.identity.passwords import Passwords
from api.services import Services
from api.settings import Settings
from api.store.migrate import migrate
from tests.api.support import SettableClock
from tests.support.database import Postgres

_HASHER = PasswordHasher(time_cost=1, memory_cost=1024)
QUICK = Passwords(_HASHER)
"""Real hashes that cost little, for tests that make many."""


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="session")
def schema(postgres: Postgres) -> str:
    """A database at this version's schema, to be copied: that takes a tenth of making it."""
    url = postgres.create_database()

    async def make() -> None:
        connection = await asyncpg.connect(url)
        try:
            await migrate(connection)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        runner.run(make())
    return url


@pytest.fixture
async def migrated_url(postgres: Postgres, schema: str) -> AsyncIterator[str]:
    """A database at this version's schema, with nothing in it."""
    async with postgres.copy_of(schema) as url:
        yield url


@pytest.fixture
async def app(migrated_url: str, clock: SettableClock) -> AsyncIterator[FastAPI]:
    """The whole application, without its background work."""
    # Each in its own event loop, to which their queue belongs.
    passwords = Passwords(_HASHER)
    app = create_app(Settings(database_url=migrated_url), clock=clock, passwords=passwords)
    yield app
    await app.state.services.database.close()


@pytest.fixture
def services(app: FastAPI) -> Services:
    found: Services = app.state.services
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the application directly; what it raises beyond its answers comes through as a 500."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
        yield client


@pytest.fixture
async def connection(migrated_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A look at the database from beside."""
    connection = await asyncpg.connect(migrated_url)
    yield connection
    await connection.close()
