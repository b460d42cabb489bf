"""A centre with a key, a push service on loopback, and staff with browsers."""

from collections.abc import AsyncIterator

import pytest

from tests.api.channels.receiver import Receiver, answer, receiver
from tests.api.people.conftest import app

__all__ = ["app", "service"]


@pytest.fixture
async def service() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        one.reply = lambda _: answer(201)
        yield one
