"""A hub that journals nothing is not taken for well: only a full disk is waited out."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from gateway.backoff import Backoff
from gateway.health.vitals import PATIENCE_S, Sign, Vitals
from gateway.journal import Intake
from gateway.writer import Writer
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import open_journal


class Watched:
    """A writer of a real journal, looked at by a clock of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.journal = open_journal(folder)
        self.now = 0.0
        backoff = Backoff(first=1, most=1, chance=lambda: 1.0)
        self.writer = Writer(backoff, self._sleep, self.journal.changes)
        sign = Sign("writing", lambda: self.writer.under_way > 0, lambda: self.writer.tries)
        self.vitals = Vitals([sign], lambda: self.now)

    async def _sleep(self, _seconds: float) -> None:
        await asyncio.sleep(0)

    async def write_for(self, seconds: float, size: int = 1) -> list[str]:
        """Writes on, and others look at the journal meanwhile; what is stuck in the end."""
        intake = Intake(events=[event(1)], devices={"large": bytes(size)})
        task = asyncio.create_task(
            self.writer.write(lambda: self.journal.write_intake(intake, START))
        )
        stuck = list[str]()
        until = self.now + seconds
        while self.now < until:
            await asyncio.sleep(0)
            await self.writer.write(self.journal.outbox.waiting)
            stuck = self.vitals.stuck()
            self.now += 5
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return stuck


async def test_a_journal_that_another_process_holds_starves_the_watchdog(tmp_path: Path) -> None:
    """It was fed for as long as the lock lasted, while calls for help were journalled nowhere."""
    watched = Watched(tmp_path)
    watched.journal._connection.execute("pragma busy_timeout = 0")
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert await watched.write_for(2 * PATIENCE_S) == ["writing"]
        other.execute("rollback")
    assert await watched.write_for(2 * PATIENCE_S) == []
    assert watched.journal.last_seq == 1


async def test_a_full_disk_is_no_reason_to_begin_anew(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    connection = watched.journal._connection
    (pages,) = connection.execute("pragma page_count").fetchone()
    connection.execute(f"pragma max_page_count = {pages}")
    assert await watched.write_for(2 * PATIENCE_S, size=99_999) == []
    assert "full" in watched.writer.trouble


def test_a_hub_does_not_stop_hearing_for_long_where_another_holds_its_journal(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        assert journal.rows("pragma busy_timeout") == [(1000,)]
