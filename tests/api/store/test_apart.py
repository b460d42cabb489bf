"""One row that cannot be moved on by the clock holds up nobody else's, and is counted."""

import logging

import asyncpg
import pytest

from api.operation.metrics import Metrics
from api.store.apart import Apart, Kind
from api.store.database import AWAY
from tests.api.support import SettableClock


async def test_a_row_that_fails_leaves_nothing_behind_and_the_others_are_done(
    connection: asyncpg.Connection, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics(clock)
    await connection.execute("create temporary table done (row integer)")

    async def work(row: int) -> bool:
        await connection.execute("insert into done values ($1)", row)
        if row != 3:
            await connection.fetchval("select 1 / ($1::integer - 2)", row)
        return row != 3

    async with connection.transaction():
        rows = await Apart(metrics.passed).each(
            connection, [1, 2, 3, 4], work, Kind.ABSENCE, "number {}".format
        )
    assert rows == [1, 4]
    kept = await connection.fetch("select row from done order by row")
    assert [row["row"] for row in kept] == [1, 3, 4]
    assert [record.getMessage() for record in caplog.records] == [
        "absence number 2: could not be moved on by the clock"
    ]
    assert caplog.records[0].levelno == logging.ERROR
    page = metrics.page().decode()
    assert 'telecare_api_passed_over_total{kind="absence"} 1.0' in page
    assert 'telecare_api_passed_over_total{kind="alert"} 0.0' in page, "seen before the first"


async def test_a_database_that_goes_away_is_no_fault_of_the_row_that_was_next(
    connection: asyncpg.Connection, clock: SettableClock
) -> None:
    metrics = Metrics(clock)

    async def work(_: int) -> None:
        await connection.execute("select pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(AWAY):
        async with connection.transaction():
            await Apart(metrics.passed).each(connection, [1, 2], work, Kind.ALERT, str)
    assert 'kind="alert"} 0.0' in metrics.page().decode()
