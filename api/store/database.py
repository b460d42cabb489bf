"""The pool of connections, and what to say when the database is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol, cast

import asyncpg
from asyncpg.exceptions._base import InterfaceError, InternalClientError, PostgresError

from api.refusals import DatabaseAway
from api.store.reach import AS_CONNECTED, Reach


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

_TYPES = """
select null::bigint[], null::integer[], null::float8[], null::text[], null::bytea[],
    null::timestamptz[], null::int8multirange
"""

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
    # No room on the disk, in memory or for one more connection; a disk that cannot be written; a
    # standby that was not yet promoted. Somebody is to mend it, and until then nothing is lost.
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
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
    async def transaction(self, reach: Reach) -> AsyncIterator[Connection]:
        """One transaction: all of it is stored when the block ends, nothing when it raises.

        Args:
            reach: What it may see and change.

        Raises:
            DatabaseAway: The server cannot be reached, or went away meanwhile. Whether a commit in
                flight was stored is then unknown, so what is done here must bear being done again.
        """
        with _away_is_later():
            pool = await self._open()
            async with pool.acquire(timeout=CONNECT_SECONDS) as found:
                connection = cast("Connection", found)
                async with connection.transaction():
                    await connection.execute(reach.sql, *reach.arguments)
                    yield connection

    def pool(self) -> tuple[int, int, int]:
        """Connections in use, idle, and at most."""
        if self._pool is None:
            return 0, 0, self._connections
        idle = self._pool.get_idle_size()
        return self._pool.get_size() - idle, idle, self._connections

    async def ready(self) -> None:
        """Asks the server for a sign of life.

        Raises:
            DatabaseAway: There was none.
        """
        async with self.transaction(AS_CONNECTED) as connection:
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
                    self.url,
                    min_size=1,
                    max_size=self._connections,
                    timeout=CONNECT_SECONDS,
                    init=_learn_types,
                )
            return self._pool


async def _learn_types(connection: Any) -> None:
    """Asks for the types that queries use now, and not in the midst of the first of them."""
    await connection.fetchrow(_TYPES)


@contextmanager
def _away_is_later() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        if isinstance(error, ValueError):  # asyncpg's word for a wrong argument or setting
            raise
        raise DatabaseAway("The database cannot be reached just now.", RETRY_AFTER) from error
