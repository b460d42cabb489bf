"""A PostgreSQL in its last moment: it says that it ends, and does not live to end the exchange."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self


class Dying:
    """A server on loopback that dies each time somebody comes.

    Attributes:
        met: How many have come.
    """

    def __init__(self) -> None:
        self.met = 0
        self._port = 0
        self._exchanges: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql://any@127.0.0.1:{self._port}/any?sslmode=disable"

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[Self]:
        """One that listens; nothing of it is left over afterwards."""
        dying = cls()
        async with await asyncio.start_server(dying._meet, "127.0.0.1", 0) as server:
            dying._port = server.sockets[0].getsockname()[1]
            yield dying
        await asyncio.gather(*dying._exchanges)

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        self._exchanges.append(asyncio.create_task(_exchange(reader, writer)))


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that it ends, as a server does whose first process was killed, and gets no further."""
    await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
    for kind, said in (
        (b"R", b"\0\0\0\0"),
        (b"S", b"server_version\x0018.0\0"),
        (b"Z", b"I"),
        (b"E", b"SFATAL\0C57P02\0Mterminating connection\0\0"),
    ):
        writer.write(kind + (len(said) + 4).to_bytes(4) + said)
    await reader.read()
    writer.close()
    await writer.wait_closed()
