"""A call for help is not kept waiting by what a centre asked of the hub, or by its own patience."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.responses import Response

from gateway.assembly import make_backoff
from gateway.journal import Journal
from gateway.uplink.centre import Centre
from gateway.uplink.key import public_text
from gateway.uplink.sender import URGENT_S, Sender
from tests.gateway.centre_peer import Peer, away, refusal, serving
from tests.gateway.uplink.sending import KEY, hear, raise_urgent, sender

pytestmark = pytest.mark.network


class Run:
    """A sender at work, once it is begun; its waits are told, and end when the test says so."""

    def __init__(self, one: Sender) -> None:
        self.sender = one
        self.news = asyncio.Event()
        self.waits: list[float] = []
        self.over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self._tasks.append(asyncio.create_task(self.sender.run(self.news, self._sleep)))

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await self.over.wait()
        self.over.clear()

    async def until_waits(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.waits) < count:  # noqa: ASYNC110 - it is the sleep itself that is waited for
                await asyncio.sleep(0.01)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1")


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving(Peer(keys={"hub-1": public_text(KEY)})) as running:
        yield running


@pytest.fixture
async def run(journal: Journal, peer: Peer) -> AsyncIterator[Run]:
    async with Centre(peer.url) as centre:
        running = Run(sender(journal, centre))
        yield running
        await running.end()


@pytest.mark.parametrize(
    "answer", [away(503, **{"Retry-After": "3600"}), refusal(403), refusal(401), refusal(422)]
)
async def test_while_a_call_for_help_is_unsent_the_centre_is_tried_every_15_seconds(
    journal: Journal, peer: Peer, run: Run, answer: Response
) -> None:
    """Each wait once was the centre's own, up to an hour, or the hub's, up to half an hour."""
    peer.answers += [answer] * 6
    hear(journal, 1)
    raise_urgent(journal)
    run.begin()
    for tries in range(1, 6):
        await run.until_waits(tries)
        assert run.waits[-1] <= URGENT_S
        run.over.set()
    await run.until_waits(6)
    run.over.set()
    async with asyncio.timeout(20):
        while len(peer.bodies("hub-1")) < 2:  # noqa: ASYNC110 - there is nothing else to wait for
            await asyncio.sleep(0.01)


async def test_what_is_not_urgent_still_waits_for_as_long_as_the_centre_asks(
    journal: Journal, peer: Peer, run: Run
) -> None:
    peer.answers += [away(503, **{"Retry-After": "3600"})] * 2
    hear(journal, 1)
    run.begin()
    await run.until_waits(1)
    run.sender.heard()
    run.news.set()
    await asyncio.sleep(0.1)
    assert run.waits == [3600]


async def test_a_centre_that_answers_another_question_is_given_the_call_for_help_at_once(
    journal: Journal, peer: Peer, run: Run
) -> None:
    peer.answers += [away(503, **{"Retry-After": "3600"})]
    raise_urgent(journal)
    run.begin()
    await run.until_waits(1)
    run.news.set()
    await asyncio.sleep(0.1)
    assert not peer.bodies("hub-1"), "other news is none of the centre"
    run.sender.heard()
    run.news.set()
    async with asyncio.timeout(20):
        while not peer.bodies("hub-1"):  # noqa: ASYNC110 - there is nothing else to wait for
            await asyncio.sleep(0.01)


def test_hubs_that_all_wait_with_a_call_do_not_come_at_one_moment() -> None:
    waits = [make_backoff(first=URGENT_S, most=URGENT_S).next() for _ in range(50)]
    assert URGENT_S / 2 <= min(waits) < max(waits) <= URGENT_S
    assert len(set(waits)) > 40
