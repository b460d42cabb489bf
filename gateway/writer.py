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

    Attributes:
        tries: How often something was tried, with success or without.
        under_way: Writes that have begun and not ended.
        failing: Whether the last try failed.
    """

    def __init__(
        self, backoff: Backoff, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._backoff = backoff
        self._sleep = sleep
        self.tries = 0
        self.under_way = 0
        self.failing = False

    async def write(self, write: Callable[[], T]) -> T:
        """Does one write, which either holds as a whole or has changed nothing."""
        self.under_way += 1
        try:
            return await self._write(write)
        finally:
            self.under_way -= 1

    async def _write(self, write: Callable[[], T]) -> T:
        while True:
            self.tries += 1
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
        if failing and not self.failing:
            _log.error("the journal cannot be written, trying on: %s", why)
        elif self.failing and not failing:
            _log.info("the journal can be written again")
        self.failing = failing
