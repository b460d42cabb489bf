"""Whatever befalls a replica or the database: nothing is lost, nothing is done twice."""

from pathlib import Path

import pytest

from tests.api.failover.blows import (
    BLOWS,
    Blow,
    both_at_once,
    disk_full,
    strike,
)
from tests.api.failover.books import balance, consoles_are_true, settle
from tests.api.failover.table import books_line, recovery_table
from tests.api.failover.world import world

pytestmark = [pytest.mark.network, pytest.mark.timeout(280)]


@pytest.mark.parametrize(
    "blows",
    [(both_at_once,), pytest.param(BLOWS, marks=pytest.mark.slow)],
    ids=["some", "all"],
)
async def test_no_alert_claim_timer_or_notification_is_lost_or_done_twice(
    tmp_path: Path, blows: tuple[Blow, ...]
) -> None:
    async with world(tmp_path, seed=1) as one:
        if one.disk is None:
            blows = tuple(blow for blow in blows if blow is not disk_full)
        recovered = [await strike(one, blow) for blow in blows]
        await one.rest()
        rested = await settle(one)
        await consoles_are_true(one)
        books = await balance(one, rested)
    print(f"\n{recovery_table(recovered)}\n\n{books_line(books)}")  # noqa: T201 - the figures are what this is for
    assert books.faults == []
