"""Each record reaches the centre, in spite of both ends, and an urgent alert does not queue."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from starlette.responses import Response

from contract import Receipt, encode
from gateway.journal import Journal
from gateway.uplink.centre import Centre
from gateway.uplink.key import public_text
from tests.gateway.centre_peer import Peer, away, refusal, serving
from tests.gateway.uplink.sending import KEY, LATE_S, drain, hear, raise_urgent, sender


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1")


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving(Peer(keys={"hub-1": public_text(KEY)})) as running:
        yield running


@pytest.fixture
async def centre(peer: Peer) -> AsyncIterator[Centre]:
    async with Centre(peer.url) as running:
        yield running


@pytest.mark.network
async def test_everything_arrives_once_and_the_cursor_is_remembered(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 2500)
    assert await drain(sender(journal, centre)) == [0.0, 0.0, None]
    assert [len(batch) for batch in peer.batches] == [1000, 1000, 500]
    assert peer.bodies("hub-1") == [
        bytes(record.body) for record in journal.outbox.records(0, 9999, 10**9)
    ]
    assert (journal.outbox.cursor, journal.outbox.waiting()) == (2500, 0)
    assert peer.encodings[0] == "gzip"


@pytest.mark.network
async def test_a_hub_with_nothing_to_say_asks_what_the_centre_has(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    one = sender(journal, centre)
    assert await one.step() is None
    assert peer.batches == [[]]
    assert await one.step() is None
    assert peer.batches == [[]]


@pytest.mark.network
async def test_an_urgent_alert_goes_ahead_of_a_long_queue_and_again_in_its_turn(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 1500)
    raise_urgent(journal)
    await drain(sender(journal, centre))
    first, second = peer.batches
    assert first[-1] == 1501
    assert first[:-1] == list(range(1, 1000))
    assert second == list(range(1000, 1502))
    assert journal.outbox.cursor == 1501


@pytest.mark.network
async def test_a_busy_centre_is_given_the_time_it_asks_for(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 3)
    peer.answers += [away(503, **{"Retry-After": "120"}), away(500), away(429)]
    told: list[str] = []
    one = sender(journal, centre, told)
    assert [await one.step() for _ in range(4)] == [120, 2, 4, None]
    assert told == [
        "the centre answers 503: The database is away. (no new try before 120 s)",
        "the centre answers 500: The database is away.",
        "the centre answers 429: The database is away.",
        "",
    ]
    assert len(peer.bodies("hub-1")) == 3


@pytest.mark.network
async def test_a_centre_that_is_away_is_told_once_and_nothing_is_lost(journal: Journal) -> None:
    hear(journal, 3)
    told: list[str] = []
    async with Centre("http://127.0.0.1:9") as nobody:
        one = sender(journal, nobody, told)
        assert [await one.step() for _ in range(3)] == [1, 2, 4]
    assert len(told) == 1
    assert "ConnectError" in told[0]
    assert journal.outbox.waiting() == 3


@pytest.mark.network
@pytest.mark.parametrize("status", [401, 403, 404, 422])
async def test_a_refusal_is_kept_told_and_tried_again_only_after_long(
    journal: Journal, peer: Peer, centre: Centre, status: int
) -> None:
    hear(journal, 3)
    peer.answers += [refusal(status), refusal(status)]
    told: list[str] = []
    one = sender(journal, centre, told)
    assert [await one.step() for _ in range(3)] == [LATE_S, LATE_S, None]
    assert told == [f"the centre answers {status}: No.", ""]
    assert len(peer.bodies("hub-1")) == 3


@pytest.mark.network
async def test_too_large_a_batch_is_halved(journal: Journal, peer: Peer, centre: Centre) -> None:
    hear(journal, 1000)
    peer.largest = 300
    assert (await drain(sender(journal, centre)))[-1] is None
    assert 250 <= max(len(batch) for batch in peer.batches) <= 300
    assert len(peer.bodies("hub-1")) == 1000


@pytest.mark.network
async def test_after_a_proxy_that_took_little_a_hub_catches_up_at_its_full_speed_again(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    one = sender(journal, centre)
    peer.largest = 100
    hear(journal, 1000)
    await drain(one)
    peer.largest = 1000
    hear(journal, 20_000)
    await drain(one)
    assert max(len(batch) for batch in peer.batches) == 1000


@pytest.mark.network
async def test_a_single_record_that_is_too_large_does_not_spin(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 1)
    peer.largest = 0
    assert await sender(journal, centre).step() == LATE_S


@pytest.mark.network
async def test_a_centre_restored_from_a_backup_gets_again_what_it_lost(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 10)
    one = sender(journal, centre)
    await drain(one)
    kept = next(iter(peer.stored.values()))
    for seq in range(4, 11):
        del kept[seq]
    hear(journal, 1)
    await drain(one)
    assert len(peer.bodies("hub-1")) == 11
    assert journal.outbox.cursor == 11


@pytest.mark.network
async def test_a_journal_restored_from_an_old_copy_goes_on_by_new_numbers(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 5)
    peer.stored["hub-1", journal.identity.epoch] = dict.fromkeys(range(1, 21), b"{}")
    old = journal.identity.epoch
    assert await drain(sender(journal, centre)) == [0.0, None]
    assert sorted(peer.stored["hub-1", journal.identity.epoch]) == [1, 2, 3, 4, 5]
    assert journal.identity.epoch != old
    assert journal.outbox.waiting() == 0
    assert journal.outbox.taken_at() is not None


@pytest.mark.network
async def test_a_receipt_for_a_call_that_the_centre_did_not_store_is_not_believed(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    """A copy of a hub at work was put back, and has as many records as the one that ran on."""
    hear(journal, 3)
    one = sender(journal, centre)
    await drain(one)
    peer.stored["hub-1", journal.identity.epoch][4] = b"another life's"
    hear(journal, 1)
    await drain(one)
    assert sorted(peer.stored["hub-1", journal.identity.epoch]) == [1], "not what was confirmed"
    assert journal.outbox.waiting() == 0


@pytest.mark.network
async def test_what_was_sent_but_never_answered_is_not_sent_by_new_numbers(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    one = sender(journal, centre)
    await drain(one)
    hear(journal, 2)
    peer.stored["hub-1", journal.identity.epoch] = {}
    peer.answers.append(away())
    await one.step()
    peer.stored["hub-1", journal.identity.epoch] = {1: b"{}", 2: b"{}"}  # it had stored them
    await drain(one)
    assert len(journal.outbox.epochs()) == 1


@pytest.mark.network
async def test_a_hub_whose_clock_is_wrong_is_let_in_at_the_second_try(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 2)
    one = sender(journal, centre, now=lambda: 1_000_000.0)
    assert await drain(one) == [0.0, None]
    assert len(peer.bodies("hub-1")) == 2


@pytest.mark.network
@pytest.mark.parametrize("answer", [b"<html>", b"{}", b"[]"])
async def test_an_answer_that_is_no_receipt_moves_nothing(
    journal: Journal, peer: Peer, centre: Centre, answer: bytes
) -> None:
    hear(journal, 2)
    peer.answers.append(Response(answer))
    assert await sender(journal, centre).step() == 1
    assert journal.outbox.cursor == 0


@pytest.mark.network
async def test_a_receipt_for_another_hub_moves_nothing(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 2)
    peer.answers.append(Response(encode(Receipt(hub="hub-2", epoch="e", contiguous=2))))
    assert await sender(journal, centre).step() == LATE_S
    assert journal.outbox.cursor == 0


@pytest.mark.network
async def test_a_full_disk_does_not_end_the_uplink(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 1)
    told: list[str] = []
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        journal._connection.execute("pragma query_only = off")
        await asyncio.sleep(0)

    journal._connection.execute("pragma query_only = on")
    task = asyncio.create_task(sender(journal, centre, told).run(asyncio.Event(), sleep))
    for _ in range(500):
        if journal.outbox.cursor == 1:
            break
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert journal.outbox.cursor == 1
    assert told[0].startswith("the journal cannot note what the centre has")
    assert waits == [1]
    assert len(peer.bodies("hub-1")) == 1


@pytest.mark.network
async def test_news_is_sent_as_it_comes(journal: Journal, peer: Peer, centre: Centre) -> None:
    news = asyncio.Event()
    task = asyncio.create_task(sender(journal, centre).run(news))
    for expected in (1, 2):
        hear(journal, 1)
        news.set()
        for _ in range(500):
            if len(peer.bodies("hub-1")) == expected:
                break
            await asyncio.sleep(0.01)
        assert len(peer.bodies("hub-1")) == expected
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.network
async def test_an_urgent_alert_does_not_wait_until_the_next_try_is_due(
    journal: Journal, peer: Peer, centre: Centre
) -> None:
    hear(journal, 1)
    peer.answers += [away(503), away(503)]
    news, waits = asyncio.Event(), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(3600)

    task = asyncio.create_task(sender(journal, centre).run(news, sleep))
    for tries in (1, 2):
        while len(waits) < tries:  # noqa: ASYNC110 - it is the sleep itself that is waited for
            await asyncio.sleep(0.01)
        hear(journal, 1)
        news.set()
        await asyncio.sleep(0.1)
        assert len(waits) == tries, "what is not urgent waits"
        raise_urgent(journal)
        news.set()
    for _ in range(500):
        if peer.batches:
            break
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(peer.bodies("hub-1")) == 5
    assert waits == [1, 2]


def test_records_keep_the_bytes_that_were_journalled(journal: Journal) -> None:
    hear(journal, 1)
    (record,) = journal.outbox.records(0, 1, 10**6)
    assert msgspec.json.decode(record.body)["home"] == "h1"
