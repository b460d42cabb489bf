"""A centre that keeps something aside or stores nothing is borne with, and nothing is lost."""

import asyncio
import contextlib
import logging
import sqlite3
from pathlib import Path

import pytest

from contract import Batch, Receipt
from contract.batches import Refusal
from gateway.journal import Journal
from gateway.uplink.answers import Answer, Away, Received
from gateway.uplink.faults import Faults
from gateway.uplink.sender import Sender
from tests.gateway.uplink.sending import LATE_S, hear, raise_urgent, sender


class Odd:
    """A wire to a centre that answers every batch as it is told to."""

    date: float | None = None

    def __init__(self, journal: Journal, contiguous: int, *refused: Refusal) -> None:
        self._journal = journal
        self.contiguous, self.refused = contiguous, list(refused)
        self.batches: list[int] = []

    async def send(self, batch: Batch, token: str) -> Answer:
        assert token
        self.batches.append(len(batch.records))
        epoch = self._journal.identity.epoch
        has, stored = self.contiguous, len(batch.records) if self.contiguous else 0
        return Received(
            Receipt(hub="hub-1", epoch=epoch, contiguous=has, stored=stored, refused=self.refused)
        )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1")


async def test_a_centre_that_answers_but_stores_nothing_is_not_asked_without_end(
    journal: Journal,
) -> None:
    hear(journal, 3)
    told: list[str] = []
    one = sender(journal, Odd(journal, 0), told)
    assert [await one.step() for _ in range(3)] == [1, 2, 4]
    assert told == ["the centre answers but stores nothing"]
    assert journal.outbox.waiting() == 3


async def test_what_the_centre_keeps_aside_is_told_and_holds_up_nothing(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    hear(journal, 3)
    wire = Odd(journal, 3, Refusal(seq=2, reason="an event of another century"))
    kept: list[int] = []
    assert await sender(journal, wire, refused=kept.append).step() is None
    assert "kept record 2 aside: an event of another century" in caplog.text
    assert kept == [1]
    assert journal.outbox.waiting() == 0


async def test_a_centre_with_more_than_the_hub_ever_had_is_told_and_believed_in_nothing(
    journal: Journal,
) -> None:
    hear(journal, 3)
    told: list[str] = []
    one = sender(journal, Odd(journal, 4), told)
    assert [await one.step() for _ in range(2)] == [0.0, LATE_S], "new numbers are tried once"
    assert "also by new numbers" in told[0]
    assert journal.outbox.waiting() == 3


class Faulty(Odd):
    """A wire that is itself at fault, at first."""

    def __init__(self, journal: Journal, *faults: Exception) -> None:
        super().__init__(journal, 3)
        self.faults = list(faults)

    async def send(self, batch: Batch, token: str) -> Answer:
        if self.faults:
            raise self.faults.pop(0)
        return await super().send(batch, token)


async def run(one: Sender) -> list[float]:
    """Lets it run until it has nothing to wait for but news; how long it waited in between."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(one.run(asyncio.Event(), sleep), 0.3)
    return waits


async def test_a_fault_of_the_hubs_own_holds_up_no_record_and_ends_nothing(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    hear(journal, 3)
    told, counted = list[str](), list[int]()
    wire = Faulty(journal, OverflowError("of a year"), OverflowError("of a year"))
    one = sender(journal, wire, told, fault=Faults(lambda: counted.append(1)).bear)
    assert await run(one) == [1, 2]
    assert journal.outbox.waiting() == 0
    assert told == ["the hub itself fails at it: OverflowError: of a year", ""]
    assert len(counted) == 2
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1, "told once, with where it is"
    assert errors[0].exc_info


async def test_a_journal_that_cannot_be_read_for_a_moment_does_not_end_a_hub_that_had_sent_all(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sender(journal, Odd(journal, 0))
    assert await one.step() is None
    faults = [sqlite3.OperationalError("disk I/O error")]
    records = one._next
    monkeypatch.setattr(one, "_next", lambda: _raised(faults.pop()) if faults else records())
    assert await run(one) == [1]


def _raised(error: Exception) -> None:
    raise error


async def test_damage_to_the_journal_is_not_taken_for_a_fault_that_passes(journal: Journal) -> None:
    hear(journal, 3)
    wire = Faulty(journal, sqlite3.DatabaseError("malformed"))
    one = sender(journal, wire, fault=Faults(lambda: None).bear)
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        await one.run(asyncio.Event())


async def test_a_developer_sees_a_fault_that_nobody_was_told_to_bear(journal: Journal) -> None:
    with pytest.raises(OverflowError):
        await sender(journal, Faulty(journal, OverflowError())).run(asyncio.Event())


class Hanging(Odd):
    """A wire that hangs at its first try."""

    async def send(self, batch: Batch, token: str) -> Answer:
        answer = await super().send(batch, token)
        if len(self.batches) == 1:
            await asyncio.sleep(3600)
        return answer


@pytest.mark.parametrize("when", ["at once", "after its patience"])
async def test_a_call_for_help_does_not_wait_until_a_try_that_hangs_has_ended(
    journal: Journal, when: str
) -> None:
    hear(journal, 1)
    wire, news = Hanging(journal, 2), asyncio.Event()
    task = asyncio.create_task(sender(journal, wire, patience=0.2).run(news))
    await asyncio.sleep(0.01 if when == "at once" else 0.4)
    hear(journal, 1)  # what is not urgent gives nothing up
    news.set()
    await asyncio.sleep(0.4)
    assert wire.batches == [1]
    raise_urgent(journal)
    wire.contiguous = 3
    news.set()
    await asyncio.sleep(0.1)
    assert wire.batches == [1, 3]
    assert journal.outbox.waiting() == 0
    hear(journal, 1)
    wire.contiguous = 4
    news.set()
    await asyncio.sleep(0.6)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert wire.batches == [1, 3, 1], "and goes on as ever"


async def test_a_line_too_slow_for_a_thousand_records_is_given_fewer(journal: Journal) -> None:
    hear(journal, 1000)
    sizes: list[int] = []

    class Narrow(Odd):
        async def send(self, batch: Batch, token: str) -> Answer:
            sizes.append(len(batch.records))
            if len(batch.records) > 300:
                return Away("no whole answer within 60 s", slow=True)
            self.contiguous += len(batch.records)
            return await super().send(batch, token)

    one = sender(journal, Narrow(journal, 0))
    assert [await one.step() for _ in range(3)] == [1, 2, 0.0]
    assert sizes == [1000, 500, 250]
