"""A PostgreSQL in its last moment: it says that it ends, and does not live to end the exchange."""

import asyncio
import socketserver
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread

_LAST_WORDS = (
    (b"R", b"\0\0\0\0"),
    (b"S", b"server_version\x0018.0\0"),
    (b"Z", b"I"),
    (b"E", b"SFATAL\0C57P02\0Mterminating connection\0\0"),
)


class Dying(socketserver.ThreadingTCPServer):
    """A server on loopback that dies each time somebody comes.

    Attributes:
        met: How many have come.
    """

    daemon_threads = False  # whoever ends it waits for all that it has begun
    block_on_close = True
    met = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql://any@127.0.0.1:{self.server_address[1]}/any?sslmode=disable"


class _Exchange(socketserver.StreamRequestHandler):
    """Says that it ends, as a server does whose first process was killed, and gets no further."""

    server: Dying
    timeout = 1.0  # who has come may never hang up

    def handle(self) -> None:
        self.server.met += 1
        self.rfile.read(int.from_bytes(self.rfile.read(4)) - 4)
        for kind, said in _LAST_WORDS:
            self.wfile.write(kind + (len(said) + 4).to_bytes(4) + said)
        with suppress(TimeoutError):
            self.rfile.read()


@asynccontextmanager
async def dying() -> AsyncIterator[Dying]:
    """One that listens; nothing of it is left over afterwards."""
    server = Dying(("127.0.0.1", 0), _Exchange)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        # Away from the loop, which those that came need for hanging up.
        await asyncio.to_thread(server.shutdown)
        await asyncio.to_thread(server.server_close)
        thread.join()
