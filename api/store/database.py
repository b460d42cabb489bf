"""The pool of connections, and what to say when the database is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol, cast

import asyncpg
from asyncpg.exceptions._base import InterfaceError, InternalClientError, PostgresError

from api.refusals import DatabaseAway


class Connection(Protocol):
    """What the centre uses of an asyncpg connection, pooled or not."""

    async def execute(self, query: str, *args: Any) -> Any:
        """Runs a statement for what it does."""
        ...

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows."""
        ...

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """The first row, or None."""
        ...

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """A transaction, or a savepoint within one."""
        ...


RETRY_AFTER = 5
"""Seconds a client is asked to wait while the database is away."""

CONNECT_SECONDS = 10
"""How long one attempt to reach the server may take."""

# What asyncpg raises when the server is gone, going, coming or full, or when two transactions stood
# in each other's way. Each is worth a retry.
AWAY: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    # A killed server may say that it ends and not live to end the exchange. asyncpg takes what is
    # asked next for a fault of its own.
    InternalClientError,
)
UNUSABLE: tuple[type[BaseException], ...] = (*AWAY, PostgresError, ValueError)
"""Also what only a person can mend: a wrong URL, password or database."""


class Database:
    """A pool that opens on first use and again whenever the server comes back."""

    def __init__(self, url: str, *, connections: int = 10) -> None:
        self.url = url
        self._connections = connections
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection of the pool.

        Raises:
            DatabaseAway: The server cannot be reached, or went away meanwhile.
        """
        with _away_is_later():
            pool = await self._open()
            async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
                yield cast("Connection", connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction: all of it is stored when the block ends, nothing when it raises.

        Raises:
            DatabaseAway: As :meth:`connection`. Whether a commit in flight was stored is then
                unknown, so what is done here must bear being done again.
        """
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def ready(self) -> None:
        """Asks the server for a sign of life.

        Raises:
            DatabaseAway: There was none.
        """
        async with self.connection() as connection:
            await connection.fetchval("select 1")

    async def close(self) -> None:
        """Closes the pool, waiting a little for work in hand."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
        except TimeoutError:
            pool.terminate()

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.url, min_size=1, max_size=self._connections, timeout=CONNECT_SECONDS
                )
            return self._pool


@contextmanager
def _away_is_later() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        if isinstance(error, ValueError):  # asyncpg's word for a wrong argument or setting
            raise
        raise DatabaseAway("The database cannot be reached just now.", RETRY_AFTER) from error
