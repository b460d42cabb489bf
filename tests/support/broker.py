"""A real Mosquitto for tests: its own port and folder, killed and brought back at will."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.support.ports import free_port

# Debian puts it where an ordinary user's PATH does not look.
_PLACES = (
    "mosquitto",
    "/usr/sbin/mosquitto",
    "/usr/local/sbin/mosquitto",
    "/opt/homebrew/sbin/mosquitto",
)


def mosquitto_binary() -> str | None:
    """Where Mosquitto is, or None where it is not installed."""
    return next((found for place in _PLACES if (found := shutil.which(place))), None)


SAVES_OFTEN = "autosave_interval 1\nmax_queued_messages 0\nmax_inflight_messages 200\n"


class Mosquitto:
    """One broker that keeps persistent sessions and unsent messages over a restart.

    Args:
        folder: Where it keeps its things.
        rules: Whom it lets in, and what they may do, as in mosquitto.conf(5).
        keeps: What it keeps for how long, likewise.
    """

    def __init__(
        self, folder: Path, rules: str = "allow_anonymous true\n", keeps: str = SAVES_OFTEN
    ) -> None:
        self.port = free_port()
        self.host = "127.0.0.1"
        folder.mkdir(parents=True, exist_ok=True)
        self._config = folder / "mosquitto.conf"
        self._log = folder / "mosquitto.log"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\n"
            f"{rules}"
            "persistence true\n"
            f"persistence_location {folder}/\n"
            f"{keeps}"
            # as root it would become its own user, who may not write to a test's folder
            f"user {pwd.getpwuid(os.geteuid()).pw_name}\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it takes connections."""
        binary = mosquitto_binary()
        assert binary is not None, "Mosquitto is not installed: apt-get install mosquitto"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [binary, "-c", str(self._config)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"Mosquitto did not start:\n{self._log.read_text()}")

    def save(self) -> None:
        """Has it write now what it would write at its next autosave."""
        if self._process is not None:
            self._process.send_signal(signal.SIGUSR1)

    def freeze(self) -> None:
        """Has it say nothing more, with every connection open, until it is killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """Ends it at once, as a power cut would."""
        self._end(kill=True)

    def stop(self) -> None:
        """Ends it in good order."""
        self._end(kill=False)

    def _end(self, *, kill: bool) -> None:
        if self._process is None:
            return
        patience = time.monotonic() + 10
        while True:
            self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                self._process.wait(1)
                break
            except subprocess.TimeoutExpired:
                # one that has just begun to listen forgets that it was to end
                if time.monotonic() > patience:
                    raise
        self._process = None
