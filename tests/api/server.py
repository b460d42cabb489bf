"""The centre as a process of its own: started, spoken to, killed."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.support.ports import free_port
from tests.support.program import Program, wait_until

_AHEAD = """
import sys, time
from datetime import UTC, datetime, timedelta
ahead_s, shown = float(sys.argv.pop(1)), time.time
time.time = lambda: shown() + ahead_s
import api.clock
api.clock.utc_now = lambda: datetime.now(UTC) + timedelta(seconds=ahead_s)
import api.cli
sys.exit(api.cli.main())
"""


class CentreProcess:
    """`telecare-api serve` over a given database, on a port that stays the same.

    Args:
        folder: For its log, and for its data.
        database_url: Empty: one of its own.
        settings: Others, as environment variables.
    """

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        self.port = free_port()
        self.scheme = "https" if "TELECARE_TLS_CERT" in settings else "http"
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "TELECARE_DATA": str(folder / "data"),
            "TELECARE_PORT": str(self.port),
            **settings,
        }
        self._log = folder / "centre.log"
        self._program = Program(["telecare-api", "serve"], self._log, self.environment)

    def ahead(self, seconds: float) -> Self:
        """The same on a machine whose clock is ahead."""
        command = ["python", "-c", _AHEAD, str(seconds), "serve"]
        self._program = Program(command, self._log, self.environment)
        return self

    def start(self) -> None:
        """Starts it and waits until it can work."""
        self._program.start()
        wait_until(self.ready, 60, f"the centre is ready:\n{self.said()}")

    def ready(self) -> bool:
        """Whether it can work; a certificate of its own making is as good as any here."""
        assert self._program.running(), f"the centre ended:\n{self.said()}"
        try:
            # Not verified: a certificate here is of the test's own making.
            return httpx.get(f"{self.url}/readyz", timeout=5, verify=False).status_code == 200  # noqa: S501 - its own certificate
        except httpx.HTTPError:
            return False

    def said(self) -> str:
        return self._program.said()

    def kill(self) -> None:
        self._program.kill()

    def stop(self) -> int:
        return self._program.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._program.running():
            self.stop()
