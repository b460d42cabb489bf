"""A SCAIP receiver on loopback, over UDP, TCP and TLS, that behaves as a test tells it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from api.channels.scaip.codec import Mrq, Mrs, read_mrq, write_mrs
from api.channels.scaip.sip import (
    SipMessage,
    answer,
    content_length,
    read_datagram,
    read_head,
    with_body,
    write,
)

Say = Callable[[bytes], None]


@dataclass
class ScaipReceiver:
    """Attributes:
    snu: What it says of each alarm.
    status: SIP's answer.
    own: Whether its answer is a MESSAGE of its own; else it stands in the 200 OK.
    first: Whether that MESSAGE comes before the 200 OK.
    deaf: How many requests it ignores first; below 0 for all.
    challenge: What it asks who we are with; then `allowed` must say yes to the answer.
    raw: What it says instead of anything of SIP.
    hang_up: Whether it ends each connection unanswered.
    """

    port: int = 0
    snu: int = 0
    status: int = 200
    own: bool = False
    first: bool = False
    deaf: int = 0
    challenge: str = ""
    allowed: Callable[[str], bool] = bool
    raw: bytes | None = None
    hang_up: bool = False
    wrap: bool = False
    extra: list[tuple[str, str]] = field(default_factory=list)
    heard: list[SipMessage] = field(default_factory=list)
    got: list[Mrq] = field(default_factory=list)
    answered: list[SipMessage] = field(default_factory=list)

    def take(self, message: SipMessage, say: Say) -> None:
        if message.status:
            self.answered.append(message)
            return
        self.heard.append(message)
        if self.deaf:
            self.deaf -= 1
            return
        if self.raw is not None:
            say(self.raw)
            return
        credentials = message.one("authorization") or message.one("proxy-authorization")
        if self.challenge and not (credentials and self.allowed(credentials)):
            say(self._with(message, 401, [("WWW-Authenticate", self.challenge)]))
            return
        if self.status != 200:
            say(self._with(message, self.status, self.extra))
            return
        self._take_alarm(message, say)

    def _take_alarm(self, message: SipMessage, say: Say) -> None:
        mrq = read_mrq(message.body)
        self.got.append(mrq)
        body = write_mrs(Mrs(ref=mrq.ref, snu=self.snu, ste="", mre="0"))
        if self.wrap:
            body = b"<?xml version='1.0'?><scaip>" + body + b"</scaip>"
        own = write(
            f"MESSAGE {message.one('from').partition('<')[2].partition('>')[0]} SIP/2.0",
            [("Via", f"SIP/2.0/TCP 127.0.0.1:{self.port};branch=z9hG4bKown{len(self.got)}"),
             ("From", "<sip:alarm@receiver>;tag=r"), ("To", message.one("from")),
             ("Call-ID", f"own{len(self.got)}"), ("CSeq", "1 MESSAGE")],
            body,
        )  # fmt: skip
        if self.own and self.first:
            say(own)
        say(answer(message, 200, "OK", "r", b"" if self.own else body))
        if self.own and not self.first:
            say(own)

    def _with(self, message: SipMessage, status: int, more: list[tuple[str, str]]) -> bytes:
        plain = answer(message, status, "Said", "r")
        head, _, _ = plain.partition(b"Content-Length")
        extra = "".join(f"{name}: {value}\r\n" for name, value in more).encode()
        return head + extra + b"Content-Length: 0\r\n\r\n"

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self.hang_up:
                head = await reader.readuntil(b"\r\n\r\n")
                message = read_head(head[:-4])
                body = await reader.readexactly(content_length(message) or 0)
                self.take(with_body(message, body), writer.write)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, receiver: ScaipReceiver) -> None:
        self.receiver = receiver
        self.wire: Any = None

    def connection_made(self, transport: Any) -> None:
        self.wire = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if not self.receiver.hang_up:
            self.receiver.take(read_datagram(data), lambda said: self.wire.sendto(said, addr))


@asynccontextmanager
async def scaip_receiver(
    transport: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[ScaipReceiver]:
    one = ScaipReceiver()
    if transport == "udp":
        wire, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Udp(one), local_addr=("127.0.0.1", 0)
        )
        one.port = wire.get_extra_info("sockname")[1]
        try:
            yield one
        finally:
            wire.close()
        return
    server = await asyncio.start_server(one.stream, "127.0.0.1", 0, ssl=tls)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
