"""A centre with a key, so that names, numbers and codes can be sealed."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.identity.people import Member
from api.response.service import Response
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.support import SettableClock, add_user

KEY = base64.b64encode(b"k" * 32)


@pytest.fixture
async def app(migrated_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[FastAPI]:
    (tmp_path / "key").write_bytes(KEY)
    settings = Settings(database_url=migrated_url, secret_key_file=f"{tmp_path / 'key'}")
    app = create_app(settings, clock=clock, passwords=QUICK)
    yield app
    await app.state.services.database.close()


@pytest.fixture
def response(services: Services) -> Response:
    return services.response


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "boss", role="supervisor")


@pytest.fixture
async def ann(services: Services) -> Member:
    return await add_user(services, "ann")
