"""A centre with a key, a home with a hub, and staff who may put people on record."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.identity.people import Member
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.people.marked import Desk
from tests.api.support import PASSWORD, Device, SettableClock, add_device, add_user


@pytest.fixture
async def app(migrated_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    key = tmp_path / "key"
    key.write_text(base64.b64encode(b"k" * 32).decode())
    settings = Settings(database_url=migrated_url, secret_key_file=str(key))
    app = create_app(settings, clock=clock, passwords=QUICK)
    yield app
    await app.state.services.database.close()


@pytest.fixture
async def device(services: Services) -> Device:
    return await add_device(services, "h1", label="3 Mill Lane")


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "boss", role="administrator")


@pytest.fixture
async def desk(client: httpx.AsyncClient, services: Services, clock: SettableClock) -> Desk:
    await add_user(services, "boss", role="administrator")
    answer = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    found = Desk(client, clock)
    await found.enrol()
    return found
