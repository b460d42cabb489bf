"""The real parts that other tests lean on are really there."""

import os

import asyncpg
import pytest

from tests.conftest import own_settings
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


def test_what_a_developer_has_set_in_their_shell_reaches_no_program_here() -> None:
    shell = ("PATH", "TELECARE_SECRET_KEY_FILE", "DATABASE_URL", "TELECARE_RECORDINGS")
    assert own_settings(dict.fromkeys(shell, "/x")) == ["DATABASE_URL", "TELECARE_SECRET_KEY_FILE"]
    assert own_settings(os.environ) == []
