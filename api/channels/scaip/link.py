"""A way to a SIP peer: datagrams, or a stream with or without TLS."""

import asyncio
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from api.channels.scaip.sip import (
    LONGEST,
    NotSip,
    SipMessage,
    content_length,
    read_datagram,
    read_head,
    with_body,
)

CONNECT_SECONDS = 10.0
MOST_WAITING = 100
"""Messages that wait to be read; a peer that sends more is not heard until they are."""
Reply = Callable[[bytes], None]


class Lost(Exception):  # noqa: N818 - an answer, not a fault
    """The peer cannot be reached, hung up, or speaks no SIP; the sentence says which."""


class Link(ABC):
    """Attributes:
    kind: `UDP`, `TCP` or `TLS`, as `Via` names it.
    local: Our address and port, as the peer sees them where nothing is between.
    """  # noqa: D205 - attributes alone

    kind: str
    local: str

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Sends one message."""

    @abstractmethod
    async def receive(self) -> tuple[SipMessage, Reply]:
        """The next message, and how to answer it.

        Raises:
            Lost: There will be none.
        """


@asynccontextmanager
async def open_link(
    kind: str, host: str, port: int, trust: ssl.SSLContext | None
) -> AsyncIterator[Link]:
    """A link to a peer, closed with the block.

    Raises:
        Lost: The peer cannot be reached.
    """
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            opened: Any = await (_datagrams if kind == "UDP" else _stream)(kind, host, port, trust)
    except (OSError, UnicodeError) as error:  # of which TimeoutError and ssl.SSLError are
        raise Lost(f"it could not be reached ({type(error).__name__})") from error
    try:
        yield opened
    finally:
        opened.close()


class _Datagrams(Link, asyncio.DatagramProtocol):
    """Hears the peer's host alone, but any port of it: some answer from another one."""

    kind = "UDP"

    def __init__(self, peer: Any) -> None:
        self.local = ""
        self._peer = peer
        self._heard: asyncio.Queue[tuple[SipMessage, Reply]] = asyncio.Queue(MOST_WAITING)
        self._wire: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as asyncio means it
        self._wire = transport
        self.local = _written(transport.get_extra_info("sockname"))

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if addr[0] != self._peer[0] or self._heard.full():
            return
        try:
            message = read_datagram(data)
        except NotSip:
            return  # as if it had been lost on the way, which any datagram may be
        self._heard.put_nowait((message, lambda answer: self._to(answer, addr)))

    def send(self, data: bytes) -> None:
        self._to(data, self._peer)

    async def receive(self) -> tuple[SipMessage, Reply]:
        return await self._heard.get()

    def close(self) -> None:
        if self._wire:
            self._wire.close()

    def _to(self, data: bytes, address: Any) -> None:
        if self._wire:
            self._wire.sendto(data, address)


class _Stream(Link):
    def __init__(
        self, kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.kind = kind
        self.local = _written(writer.get_extra_info("sockname"))
        self._reader, self._writer = reader, writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> tuple[SipMessage, Reply]:
        try:
            head = b""
            while not head.strip(b"\r\n"):  # empty lines keep a connection alive
                head = await self._reader.readuntil(b"\r\n\r\n")
            message = read_head(head.lstrip(b"\r\n")[:-4])
            body = await self._reader.readexactly(content_length(message) or 0)
        except NotSip as error:
            raise Lost("what it says is no SIP") from error
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError) as error:
            raise Lost("it hung up, or what it says is no SIP") from error
        return with_body(message, body), self.send

    def close(self) -> None:
        self._writer.close()


async def _datagrams(_kind: str, host: str, port: int, _trust: ssl.SSLContext | None) -> _Datagrams:
    loop = asyncio.get_running_loop()
    found = (await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM))[0]
    family, peer = found[0], found[4]
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)  # sends nothing; only asks by which of our addresses it would
        ours = probe.getsockname()[0]
    _wire, protocol = await loop.create_datagram_endpoint(
        lambda: _Datagrams(peer), local_addr=(ours, 0)
    )
    return protocol


async def _stream(kind: str, host: str, port: int, trust: ssl.SSLContext | None) -> _Stream:
    reader, writer = await asyncio.open_connection(host, port, ssl=trust, limit=LONGEST)
    return _Stream(kind, reader, writer)


def _written(address: Any) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
