"""Starts programs, waits until they are ready, and ends every one of them."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

READY_SECONDS = 60.0
END_SECONDS = 10.0
_POLL_SECONDS = 0.05


class DidNotStartError(Exception):
    """A program ended, or was not ready in time. The sentence ends with what it last said."""


class Programs:
    """The programs of one demonstration. Leaving the `async with` ends them, the last one first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, asyncio.subprocess.Process]] = []

    async def __aenter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, process in reversed(self._running):
            await _end(process)
        self._running.clear()

    async def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        ready: Callable[[], Awaitable[bool]],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts a program and waits until `ready` says so.

        Its output goes to `NAME.log`. It gets a process group of its own, so that a Ctrl-C in the
        terminal reaches us alone and the programs end in order.

        Raises:
            DidNotStartError: It ended, or was not ready within a minute.
        """
        log = self.log(name)
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *map(str, command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._running.append((name, process))
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await ready():
                    if process.returncode is not None:
                        raise DidNotStartError(f"{name} ended at once.{_last_words(log)}")
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise DidNotStartError(f"{name} was not ready in time.{_last_words(log)}") from None

    def log(self, name: str) -> Path:
        """Where a program's output goes."""
        return self._logs / f"{name}.log"

    def ended(self) -> str | None:
        """The name of a program that has ended by itself, if any has."""
        return next(
            (name for name, process in self._running if process.returncode is not None), None
        )


async def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> str:
    """Runs a program to its end and returns what it printed.

    Raises:
        DidNotStartError: It ended with an error.
    """
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        await _end(process)
        raise
    if process.returncode:
        name = " ".join(map(str, command[:2]))
        raise DidNotStartError(f"{name} failed: {errors.decode(errors='replace').strip()[-500:]}")
    return output.decode()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Asks a program to end, and after a while makes it."""
    if process.returncode is not None:
        return
    _signal(process, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it ended between our looking and our asking


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()[-5:]
    return " It last said:\n  " + "\n  ".join(lines) if lines else f" It said nothing; see {log}."
