"""The real parts that other tests lean on are really there."""

import asyncpg
import pytest

from tests.support.broker import Mosquitto

pytestmark = pytest.mark.network


async def test_a_database_of_ones_own_answers(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert "PostgreSQL 18" in await connection.fetchval("select version()")
    finally:
        await connection.close()


def test_a_broker_comes_back_after_a_kill(broker: Mosquitto) -> None:
    broker.kill()
    broker.start()
