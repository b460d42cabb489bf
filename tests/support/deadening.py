"""A link to a real server that can go dead: what is sent is swallowed, and nobody says so.

    python -m tests.support.deadening SOCKET

is one in a process of its own, for a test in whose loop it would be slow: it prints its URL, and
does what it reads, `go_dead` or `bury`, a line each, until there is no more to read.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Link:
    """A way through to a server on a socket of this machine."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._dead: set[asyncio.StreamWriter] = set()
        self._open: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
        self.url = ""

    def go_dead(self) -> None:
        """Whatever is connected now hears and says nothing more; what connects later does."""
        self._dead |= self._open.keys()

    def bury(self) -> None:
        """Has the server find out what is dead, as its keepalives do between two machines."""
        for writer in self._dead & self._open.keys():
            self._open[writer].transport.abort()

    def end(self) -> None:
        """Closes everything, as a server that is there again would."""
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        try:
            there, back = await asyncio.open_unix_connection(self._socket)
        except OSError:  # the server is away
            writer.transport.abort()
            return
        self._open[writer] = back
        try:
            await asyncio.gather(
                self._pump(reader, back, writer), self._pump(there, writer, writer)
            )
        except ConnectionError:
            pass
        finally:
            del self._open[writer]
            self._dead.discard(writer)
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


class LinkProcess:
    """The same in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()

    def go_dead(self) -> None:
        """As :meth:`Link.go_dead`."""
        self._tell("go_dead")

    def bury(self) -> None:
        """As :meth:`Link.bury`."""
        self._tell("bury")

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()


@contextmanager
def deadening_apart(socket: str) -> Iterator[LinkProcess]:
    """A way as :func:`deadening` makes it, beside this process."""
    command = [sys.executable, "-m", __name__, socket]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield LinkProcess(process)
        finally:
            process.kill()


async def _serve(socket: str) -> None:
    async with deadening(socket) as link:
        sys.stdout.write(f"{link.url}\n")
        sys.stdout.flush()
        while line := await asyncio.to_thread(sys.stdin.readline):
            {"go_dead": link.go_dead, "bury": link.bury}[line.strip()]()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
