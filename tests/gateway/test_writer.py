"""A full disk loses nothing: it is waited out, told once, and what waits is written then."""

import asyncio
import sqlite3

import pytest

from gateway.backoff import Backoff
from gateway.writer import Writer


class Disk:
    """Full for so many writes."""

    def __init__(self, fails: int) -> None:
        self.fails = fails
        self.written: list[str] = []

    def write(self, what: str) -> int:
        if self.fails:
            self.fails -= 1
            raise sqlite3.OperationalError("database or disk is full")
        self.written.append(what)
        return len(self.written)


async def test_a_write_is_tried_until_it_holds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    disk = Disk(fails=3)
    writer = Writer(Backoff(first=1, most=60, chance=lambda: 1.0), sleep)
    assert await writer.write(lambda: disk.write("a")) == 1
    assert await writer.write(lambda: disk.write("b")) == 2
    assert disk.written == ["a", "b"]
    assert waits == [1, 2, 4]
    assert [record.message for record in caplog.records] == [
        "the journal cannot be written, trying on: database or disk is full",
        "the journal can be written again",
    ]


async def test_any_other_failure_is_not_waited_out() -> None:
    writer = Writer(Backoff(first=1, most=60, chance=lambda: 1.0))

    def broken() -> None:
        raise sqlite3.DatabaseError("file is not a database")

    with pytest.raises(sqlite3.DatabaseError):
        await writer.write(broken)


async def test_a_full_disk_in_a_quiet_home_is_logged_once_and_waited_out_longer_and_longer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Others look meanwhile, and find nothing to write."""
    caplog.set_level("INFO")
    waits: list[float] = []
    disk = Disk(fails=6)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await writer.write(lambda: None)

    writer = Writer(Backoff(first=1, most=30, chance=lambda: 1.0), sleep, lambda: len(disk.written))
    await writer.write(lambda: disk.write("a"))
    assert waits == [1, 2, 4, 8, 16, 30]
    assert len(caplog.records) == 2
    assert writer.take_counts() == {"journal_stalled": 1}
