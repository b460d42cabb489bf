"""A small real HTTP proxy: tunnels by CONNECT, and asks for a name and password where told to."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """What it was asked, and whom it lets through.

    Attributes:
        secret: `name:password` that it asks for; "" for none.
        asked: The first line of each request.
        open: Whether it lets anybody through.
    """

    secret: str = ""
    asked: list[str] = field(default_factory=list)
    open: bool = True
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.asked.append(head[0])
        method, target, _ = head[0].split(" ")
        if refusal := self._refusal(method, head[1:]):
            writer.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            writer.close()
            return
        host, _, port = target.rpartition(":")
        there, back = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    def _refusal(self, method: str, headers: list[str]) -> str:
        given = f"Basic {b64encode(self.secret.encode()).decode()}"
        if method != "CONNECT":
            return "405 Method Not Allowed"
        if not self.open:
            return "503 Service Unavailable"
        if self.secret and f"proxy-authorization: {given}".lower() not in {
            one.lower() for one in headers
        }:
            return "407 Proxy Authentication Required"
        return ""


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxying(proxy: Proxy) -> AsyncIterator[Proxy]:
    """Serves on a free port of loopback."""
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
