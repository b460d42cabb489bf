"""A centre that keeps something aside or stores nothing is borne with, and nothing is lost."""

from pathlib import Path

import pytest

from contract import Batch, Receipt
from contract.batches import Refusal
from gateway.journal import Journal
from gateway.uplink.answers import Answer, Received
from tests.gateway.uplink.test_sender import LATE_S, hear, sender


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
        return Received(
            Receipt(hub="hub-1", epoch=epoch, contiguous=self.contiguous, refused=self.refused)
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
    assert await sender(journal, wire).step() is None
    assert "kept record 2 aside: an event of another century" in caplog.text
    assert journal.outbox.waiting() == 0


async def test_a_centre_with_more_than_the_hub_ever_had_is_told_and_believed_in_nothing(
    journal: Journal,
) -> None:
    hear(journal, 3)
    told: list[str] = []
    assert await sender(journal, Odd(journal, 4), told).step() == LATE_S
    assert "it is an old copy; move it away" in told[0]
    assert journal.outbox.waiting() == 3
