"""Has a dry run worked out beside the hub, and gives it up where it takes too long."""

import asyncio
import os
import sys

import msgspec

from contract import Progress
from contract.downlink import DryRunAnswer
from gateway.downlink.deeds import Trial
from gateway.settings import Settings

LONGEST_S = 50 * 60.0
"""Sooner than the centre gives up waiting for it."""
_TOO_LONG = "It was given up: the journal is too long to be gone through in 50 minutes."
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Each thread takes memory of its own, and another processor."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be worked out.

    Attributes:
        settings: The hub's own file.
        changed: What its home would be set to.
        journal: The full path.
        days: How many of the last days are counted.
    """

    settings: Settings
    changed: Settings
    journal: str
    days: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, as the centre is told."""

    state: Progress
    text: str
    answer: DryRunAnswer | None = None


CUT_SHORT = Found(
    state=Progress.REFUSED, text="It was cut short: the hub began anew meanwhile. Ask again."
)


async def worked_out(trial: Trial, base: Settings, journal: str) -> Found:
    """What a change would have made of the last days; the process is gone when this ends.

    Args:
        trial: What is asked.
        base: The hub's own file.
        journal: The full path.
    """
    task = Task(settings=base, changed=trial.changed, journal=journal, days=trial.days)
    try:
        said = await asyncio.wait_for(_answered(msgspec.json.encode(task)), LONGEST_S)
        return msgspec.json.decode(said, type=Found)
    except TimeoutError:
        return Found(state=Progress.REFUSED, text=_TOO_LONG)
    except (msgspec.DecodeError, OSError) as error:  # why it ended early stands in the log
        return Found(state=Progress.REFUSED, text=f"It could not be worked out: {error}.")


async def _answered(task: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway.replay.aside",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **_ONE_THREAD},
    )  # fmt: skip
    try:
        said, _ = await process.communicate(task)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said
