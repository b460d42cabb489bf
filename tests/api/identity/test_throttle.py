"""Guessing is slowed down; staff who mistype once or twice are not."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from api.identity.throttle import Limit
from api.refusals import TooMany
from api.services import Services
from tests.api.support import SettableClock

LIMIT = Limit("test", 3, timedelta(minutes=15))


async def test_so_many_in_a_window_and_then_a_wait_that_is_told(
    services: Services, clock: SettableClock
) -> None:
    for _ in range(3):
        await services.throttle.attempt(LIMIT, "ann")
    clock.move(minutes=5)
    with pytest.raises(TooMany, match="10 min") as refused:
        await services.throttle.attempt(LIMIT, "ann")
    assert refused.value.retry_after == 600
    await services.throttle.attempt(LIMIT, "bob")
    clock.move(minutes=10)
    await services.throttle.attempt(LIMIT, "ann")


async def test_a_thousand_at_once_are_not_a_thousand_guesses(services: Services) -> None:
    results = await asyncio.gather(
        *(services.throttle.attempt(LIMIT, "ann") for _ in range(30)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 3


async def test_who_was_right_starts_afresh(services: Services) -> None:
    for _ in range(3):
        await services.throttle.attempt(LIMIT, "ann")
    await services.throttle.forgive(LIMIT, "ann")
    await services.throttle.attempt(LIMIT, "ann")


async def test_neither_names_nor_addresses_are_kept_and_ended_windows_go(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    await services.throttle.attempt(LIMIT, "ann", "192.0.2.1")
    row = await connection.fetchrow("select t::text as whole from throttle t")
    assert row is not None
    assert "ann" not in row["whole"]
    clock.move(minutes=15)
    await services.throttle.forget()
    assert await connection.fetchval("select count(*) from throttle") == 0
