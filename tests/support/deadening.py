"""A link to a real server that can go dead: what is sent is swallowed, and nobody says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Link:
    """A way through to a server on a socket of this machine."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._dead: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self.url = ""

    def go_dead(self) -> None:
        """Whatever is connected now hears and says nothing more; what connects later does."""
        self._dead |= self._open

    def end(self) -> None:
        """Closes everything, as a server that is there again would."""
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        self._open.add(writer)
        there, back = await asyncio.open_unix_connection(self._socket)
        try:
            await asyncio.gather(
                self._pump(reader, back, writer), self._pump(there, writer, writer)
            )
        except ConnectionError:
            pass
        finally:
            self._open.discard(writer)
            back.close()
            writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, to: asyncio.StreamWriter, whose: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            if whose not in self._dead:
                to.write(data)
                await to.drain()
        if whose not in self._dead:
            to.close()


@asynccontextmanager
async def deadening(socket: str) -> AsyncIterator[Link]:
    """A way on a free port of loopback to PostgreSQL's socket."""
    link = Link(socket)
    server = await asyncio.start_server(link.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    link.url = f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
    try:
        yield link
    finally:
        link.end()
        server.close()
