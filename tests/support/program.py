"""One of our own commands as a real process: started, killed at any instant, started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

BIN = Path(sys.executable).parent


class Program:
    """A command that can be killed and brought back with the same arguments."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = [str(BIN / command[0]), *map(str, command[1:])]
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.log = log

    def start(self) -> None:
        """Starts it; its output is added to the log."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, env=self._environment
            )

    def kill(self) -> None:
        """Ends it between any two instructions."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Asks it to end, and gives its exit code."""
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int:
        """Ends it as Ctrl-C does, and gives its exit code."""
        return self._end(signal.SIGINT)

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process is not None
        return self._process.pid

    def running(self) -> bool:
        """Whether it is still there."""
        return self._process is not None and self._process.poll() is None

    def wait(self, seconds: float) -> int:
        """Waits for its own end and gives its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def said(self) -> str:
        """Everything it has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(number)
        code = self._process.wait(30)
        self._process = None
        return code


def run(
    *command: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one of our commands to its end and gives what it printed; fails if it fails."""
    done = subprocess.run(
        [str(BIN / command[0]), *map(str, command[1:])],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits until something holds, and says what it was when it never does."""
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, f"after {seconds:g} s still not: {what}"
        sleep(0.05)
