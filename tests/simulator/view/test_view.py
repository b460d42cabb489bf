"""The view on a real pseudo-terminal: drawn, moved by keys, and the terminal left as it was."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.cli import main

_PATIENCE_S = 40.0
_CODE = "import sys; from simulator.cli import main; sys.exit(main())"


class Terminal:
    """A program with a terminal of 80 by 24 to itself."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self.said = ""
        self._theirs = theirs
        environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
        environment.pop("COLUMNS", None)
        environment.pop("LINES", None)
        self.program = subprocess.Popen(
            [sys.executable, "-c", _CODE, "run", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )

    def wait_for(self, text: str) -> None:
        """Reads until the program has drawn it, from now on."""
        until, self.said = time.monotonic() + _PATIENCE_S, ""
        while text not in self.said:
            assert time.monotonic() < until, f"never drew {text!r}; last:\n{self.said[-2000:]}"
            if select.select([self._ours], [], [], 0.2)[0]:
                self.said += os.read(self._ours, 65_536).decode(errors="replace")

    def press(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def end(self) -> int:
        """Reads to the end; its exit code."""
        until = time.monotonic() + _PATIENCE_S
        while self.program.poll() is None:
            assert time.monotonic() < until, "it did not end"
            if select.select([self._ours], [], [], 0.1)[0]:
                self.said += os.read(self._ours, 65_536).decode(errors="replace")
        return self.program.returncode

    @property
    def as_it_was(self) -> bool:
        """Whether the terminal echoes and waits for lines again."""
        return bool(termios.tcgetattr(self._theirs)[3] == self.before[3])

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        os.close(self._ours)
        os.close(self._theirs)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    opened = Terminal(*arguments)
    try:
        yield opened
    finally:
        opened.close()


WATCH = ("--homes", "2", "--alone", "--view", "--engine", "--start", "2026-03-01", "--speed", "600")


def test_keys_make_things_happen_and_q_leaves_the_terminal_as_it_was() -> None:
    with terminal(*WATCH) as watched:
        watched.wait_for("home1 of 2")
        watched.press(b"f")
        watched.wait_for("home1: falls")
        watched.press(b"\x1b[B")
        watched.wait_for("home2 of 2")
        watched.press(b"\x1b[C")
        watched.wait_for("sensor: bedroom-pir")
        watched.press(b"b")
        watched.wait_for("home2: bedroom-pir: its battery warns")
        for key, words in [
            (b"u", "infection sets"),
            (b"d", "link drops"),
            (b"s", "bedroom-pir dies"),
        ]:
            watched.press(key)
            watched.wait_for(words)
        watched.press(b" ")
        watched.wait_for("paused")
        watched.press(b" ")
        watched.press(b"+")
        watched.wait_for("1800 times life")
        watched.press(b"e")
        watched.wait_for("WHY")
        watched.press(b"?")
        watched.wait_for("in place of messages")
        watched.press(b"q")
        assert watched.end() == 0
        assert "2 homes:" in watched.said
        assert watched.as_it_was


def test_ctrl_c_leaves_the_terminal_as_it_was() -> None:
    with terminal(*WATCH) as watched:
        watched.wait_for("home1 of 2")
        watched.program.send_signal(2)
        assert watched.end() == 130
        assert "stopped before the end" in watched.said
        assert watched.as_it_was


def test_without_a_terminal_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *WATCH]) == 2
    assert "--view needs a terminal" in capsys.readouterr().err
