"""No answer costs the hub its memory, and none holds the line for ever."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import httpx
import pytest

from contract import Batch, Receipt, encode
from gateway.downlink.book import Cursor
from gateway.uplink import centre as module
from gateway.uplink.answers import Away, Received
from gateway.uplink.centre import Centre
from gateway.uplink.exchange import MOST_BYTES, SlowError, exchange

pytestmark = pytest.mark.network

Answering = Callable[[asyncio.StreamWriter], Awaitable[None]]
BATCH = Batch(hub="hub-1", epoch="e", records=[])
RECEIPT = encode(Receipt(hub="hub-1", epoch="e", contiguous=0))


@asynccontextmanager
async def answering(answer: Answering) -> AsyncIterator[str]:
    """A server that gives every question one answer; its address."""

    answers = set[asyncio.Task[None]]()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                await answer(writer)
                await writer.drain()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers.add(asyncio.create_task(handle(reader, writer)))

    async with await asyncio.start_server(accepted, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for one in answers:
            one.cancel()
        await asyncio.gather(*answers, return_exceptions=True)


def whole(body: bytes, *headers: str) -> Answering:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    return answer


class Endless:
    """Writes for as long as it is read."""

    written = 0

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while self.written < 64 * MOST_BYTES:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            await writer.drain()
            self.written += 0x10000


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def test_an_answer_without_an_end_does_not_cost_the_hub_its_memory() -> None:
    endless = Endless()
    async with answering(endless) as url, Centre(url) as centre:
        said = await centre.send(BATCH, "token")
        asked = await centre.ask("hub-1", "token", Cursor(0, 0), 0.0)
    for one in (said, asked):
        assert isinstance(one, Away)
        assert "larger than 1 MiB" in one.why
    assert endless.written < 32 * MOST_BYTES, "it was left off, and not thrown away as it came"


async def test_what_unpacks_without_an_end_does_not_cost_the_hub_its_memory() -> None:
    bomb = gzip.compress(bytes(200 * MOST_BYTES))
    assert len(bomb) < MOST_BYTES
    async with answering(whole(bomb, "Content-Encoding: gzip")) as url, Centre(url) as centre:
        tracemalloc.start()
        said = await centre.send(BATCH, "token")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert isinstance(said, Away)
    assert "larger than 1 MiB" in said.why
    assert most < 16 * MOST_BYTES


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
async def test_a_proxy_that_packs_all_the_same_is_understood(coding: str) -> None:
    packed = whole(gzip.compress(RECEIPT), f"Content-Encoding: {coding}")
    async with answering(packed) as url, Centre(url) as centre:
        assert isinstance(await centre.send(BATCH, "token"), Received)


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip", "\xe9"])
async def test_what_cannot_be_unpacked_is_tried_again_and_ends_nothing(coding: str) -> None:
    odd = whole(b"hello", f"Content-Encoding: {coding}")
    async with answering(odd) as url, Centre(url) as centre:
        assert isinstance(await centre.send(BATCH, "token"), Away)


async def test_an_answer_that_trickles_does_not_hold_the_line_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with answering(drip) as url, httpx.AsyncClient(base_url=url) as client:
        with pytest.raises(SlowError, match=r"no whole answer within 0\.2 s"):
            await asyncio.wait_for(exchange(client, client.build_request("GET", "/"), 0.2), 5)
        monkeypatch.setattr(module, "exchange", partial(exchange, within=0.2))
        async with Centre(url) as centre:
            said = await asyncio.wait_for(centre.send(BATCH, "token"), 5)
    assert said == Away("SlowError: no whole answer within 0.2 s", slow=True)
