"""The hub asks for what is new as soon as it may, and no sooner."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.backoff import Backoff
from gateway.downlink.book import Cursor
from gateway.downlink.ear import Ear
from gateway.downlink.orders import GarbledError
from gateway.uplink.answers import Asked, Away, Refused, Told
from gateway.uplink.centre import Centre
from gateway.uplink.faults import Faults, unborne
from gateway.uplink.token import Signer
from tests.gateway.centre_peer import Peer, serving
from tests.gateway.downlink.bench import Bench

KEY = Ed25519PrivateKey.generate()


class Answers:
    """A centre that gives these answers, one after the other."""

    date: float | None = None

    def __init__(self, *answers: Asked) -> None:
        self._answers = list(answers)
        self.has: list[Cursor] = []

    async def ask(self, hub: str, token: str, has: Cursor, wait: float) -> Asked:
        assert (hub, bool(token), wait > 0) == ("hub-1", True, True)
        self.has.append(has)
        return self._answers.pop(0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


def ear(
    bench: Bench,
    centre: Answers | Centre,
    news: list[int] | None = None,
    fault: Callable[[Exception], str] = unborne,
) -> Ear:
    said = [] if news is None else news
    return Ear(
        hub="hub-1", centre=centre, orders=bench.orders, signer=Signer("hub-1", KEY),
        now=lambda: bench.now, soon=Backoff(first=1, most=60, chance=lambda: 1.0),
        late=Backoff(first=1000, most=1000, chance=lambda: 1.0), news=lambda: said.append(1),
        fault=fault,
    )  # fmt: skip


async def test_what_is_taken_is_not_asked_for_again_and_the_uplink_is_woken(bench: Bench) -> None:
    told, nothing = bench.told(bench.command("test", 7)), bench.told()
    centre, news = Answers(Told(told), Told(nothing)), list[int]()
    one = ear(bench, centre, news)
    assert [await one.step(), await one.step()] == [0.0, 0.0]
    assert centre.has == [Cursor(0, 0), Cursor(0, 7)]
    assert news


async def test_a_centre_that_is_away_is_given_time_and_an_older_one_much(bench: Bench) -> None:
    centre = Answers(Away("no"), Away("no", 30), Refused("no such address", 404), Away("no"))
    one = ear(bench, centre)
    assert [await one.step() for _ in range(4)] == [1, 30, 1000, 4]


async def test_an_answer_for_another_hub_is_not_obeyed(bench: Bench) -> None:
    told = msgspec.structs.replace(bench.told(bench.command("test")), hub="hub-2")
    with pytest.raises(GarbledError, match="for hub 'hub-2'"):
        await ear(bench, Answers(Told(told))).step()
    assert bench.results() == []


async def test_what_calls_for_a_new_beginning_ends_the_listening(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    other = msgspec.structs.replace(bench.told(), hub="hub-2")
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    caplog.set_level(logging.WARNING)
    centre = Answers(
        Told(other), Told(other), Told(bench.told()), Told(bench.told(version=1, people=2))
    )
    await asyncio.wait_for(ear(bench, centre).run(sleep), 5)
    assert waits == [1, 2, 0.0]
    assert len([one for one in caplog.records if "hub-2" in one.message]) == 1, "told once"


@pytest.mark.network
async def test_a_centre_that_does_not_know_the_question_yet_is_asked_seldom(bench: Bench) -> None:
    async with serving(Peer()) as peer, Centre(peer.url) as older:
        assert await ear(bench, older).step() == 1000


@pytest.mark.network
async def test_a_centre_that_is_not_there_is_away(bench: Bench) -> None:
    async with Centre("http://127.0.0.1:9") as nobody:
        assert await ear(bench, nobody).step() == 1


async def test_a_fault_of_the_hubs_own_in_an_order_ends_neither_hearing_nor_asking(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, waits = list[int](), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def fail(*_: object) -> bool:
        monkeypatch.undo()
        raise KeyError("planted")

    monkeypatch.setattr(bench.orders, "take", fail)
    centre = Answers(Told(bench.told()), Told(bench.told(version=1, people=2)))
    one = ear(bench, centre, fault=Faults(lambda: counted.append(1)).bear)
    await asyncio.wait_for(one.run(sleep), 5)
    assert (waits, counted) == ([1], [1])
    monkeypatch.setattr(bench.orders, "take", fail)
    with pytest.raises(KeyError, match="planted"):  # nobody was told to bear it
        await ear(bench, Answers(Told(bench.told()))).run(sleep)
