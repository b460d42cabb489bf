"""The pool of connections, and what to say when the database is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Protocol, cast

import asyncpg
from asyncpg.exceptions._base import InterfaceError, InternalClientError, PostgresError

from api.refusals import DatabaseAway, InTheWay
from api.store.again import was_stored
from api.store.reach import Reach


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

STATEMENT_SECONDS = 30.0
"""How long one statement may take. A link that went dead looks just as quiet as a slow one."""
LONG_SECONDS = 900.0
"""The same, of what takes its time and keeps nobody waiting."""
LONG_AT_ONCE = 2
# A client that vanished with its machine holds what it has locked until the server notices.
_SERVER = {
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

_TYPES = """
select null::bigint[], null::integer[], null::float8[], null::text[], null::bytea[],
    null::timestamptz[], null::int8multirange
"""

IN_THE_WAY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Two transactions stood in each other's way: nothing of this one was stored."""

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
    *IN_THE_WAY,
    # A killed server may say that it ends and not live to end the exchange. asyncpg takes what is
    # asked next for a fault of its own.
    InternalClientError,
)
UNUSABLE: tuple[type[BaseException], ...] = (*AWAY, PostgresError, ValueError)
"""Also what only a person can mend: a wrong URL, password or database."""


class Database:
    """Connections that are opened on first use and again whenever the server comes back.

    Args:
        url: Of the server.
        connections: At most, beside `LONG_AT_ONCE` for what takes long.
        patience: Seconds that one statement may take; then its link counts as dead.
        actor: Who the audit log is to name where nobody is signed in; the centre where empty.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int = 10,
        patience: float = STATEMENT_SECONDS,
        actor: str = "",
    ) -> None:
        self._actor = actor
        self.url = url
        self._connections = connections
        self._patience = patience
        self._pools: dict[bool, asyncpg.Pool] = {}
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, reach: Reach, *, long: bool = False) -> AsyncIterator[Connection]:
        """One transaction: all of it is stored when the block ends, nothing when it raises.

        Args:
            reach: What it may see and change.
            long: Whether its statements may take `LONG_SECONDS`; few of these run at a time.

        Raises:
            DatabaseAway: The server cannot be reached, or went away meanwhile. Whether a commit in
                flight was stored is then unknown, so what is done here must bear being done again.
            InTheWay: Another transaction changed the same; :func:`api.store.again.once_more`.
        """
        with _away_is_later():
            pool = await self._open(long)
            async with pool.acquire(timeout=CONNECT_SECONDS) as found:
                connection = cast("Connection", found)
                async with connection.transaction():
                    await connection.execute(reach.sql, *reach.arguments)
                    yield connection
                was_stored()

    def pool(self) -> tuple[int, int, int]:
        """Connections in use, idle, and at most."""
        pool = self._pools.get(False)
        if pool is None:
            return 0, 0, self._connections
        idle = pool.get_idle_size()
        return pool.get_size() - idle, idle, self._connections

    async def close(self) -> None:
        """Closes all connections, waiting a little for work in hand."""
        pools, self._pools = self._pools, {}
        await asyncio.gather(*(_close(pool) for pool in pools.values()))

    async def _open(self, long: bool) -> asyncpg.Pool:
        async with self._opening:
            patience = LONG_SECONDS if long else self._patience
            if long not in self._pools:
                self._pools[long] = await asyncpg.create_pool(
                    self.url,
                    min_size=0 if long else 1,
                    max_size=LONG_AT_ONCE if long else self._connections,
                    timeout=CONNECT_SECONDS,
                    command_timeout=patience,
                    server_settings={
                        **_SERVER,
                        "idle_in_transaction_session_timeout": f"{patience * 2:g}s",
                        **({"telecare.actor": self._actor} if self._actor else {}),
                    },
                    init=_learn_types,
                )
            return self._pools[long]


async def _close(pool: asyncpg.Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
    except TimeoutError:
        pool.terminate()


async def _learn_types(connection: Any) -> None:
    """Asks for the types that queries use now, and not in the midst of the first of them."""
    await connection.fetchrow(_TYPES)


@contextmanager
def _away_is_later() -> Iterator[None]:
    try:
        yield
    except IN_THE_WAY as error:
        raise InTheWay("Somebody else was changing the same just now. Try again.", 1) from error
    except AWAY as error:
        if isinstance(error, ValueError):  # asyncpg's word for a wrong argument or setting
            raise
        raise DatabaseAway("The database cannot be reached just now.", RETRY_AFTER) from error
