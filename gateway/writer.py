"""Writes that must not be given up: a full disk is waited out."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.backoff import Backoff

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Writer:
    """Tries each write until it holds.

    Args:
        backoff: Waits between tries.
        sleep: Waits so many seconds.
    """

    def __init__(
        self, backoff: Backoff, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._backoff = backoff
        self._sleep = sleep
        self._failing = False

    async def write(self, write: Callable[[], T]) -> T:
        """Does one write, which either holds as a whole or has changed nothing."""
        while True:
            try:
                result = write()
            except sqlite3.OperationalError as error:
                self._say(failing=True, why=str(error))
                await self._sleep(self._backoff.next())
            else:
                self._say(failing=False)
                self._backoff.reset()
                return result

    def _say(self, *, failing: bool, why: str = "") -> None:
        if failing and not self._failing:
            _log.error("the journal cannot be written, trying on: %s", why)
        elif self._failing and not failing:
            _log.info("the journal can be written again")
        self._failing = failing
