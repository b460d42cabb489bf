"""Writes that must not be given up: a full disk is waited out."""

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.backoff import Backoff
from gateway.journal.database import is_damage
from gateway.journal.in_place import is_full

T = TypeVar("T")
_TRIES = 3
"""Where a page cannot be read so many times in a row, it is gone, and waiting does not help."""

_log = logging.getLogger(__name__)


class Writer:
    """Tries each write until it holds.

    Args:
        backoff: Waits between tries.
        sleep: Waits so many seconds.
        written: How much was ever written: rises with each write that changes anything. What only
            looks proves nothing of the disk, and a full one must not seem to come and go with it.

    Attributes:
        trouble: Why the journal cannot be written; "" while it can.
        counts: What is to be counted once it can be written again.
        tries: How often something was written, or tried in vain on a disk that is full or can
            only be read: beginning anew makes no room there, but may where another holds the file.
        under_way: Writes that have begun and not ended.
    """

    def __init__(
        self,
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        written: Callable[[], int] | None = None,
    ) -> None:
        self._written = written
        self._backoff = backoff
        self._sleep = sleep
        self.trouble = ""
        self.counts: Counter[str] = Counter()
        self.tries = 0
        self.under_way = 0

    async def write(self, write: Callable[[], T]) -> T:
        """Does one write, which either holds as a whole or has changed nothing.

        Raises:
            DatabaseError: The file is damaged.
        """
        self.under_way += 1
        try:
            return await self._write(write)
        finally:
            self.under_way -= 1

    async def _write(self, write: Callable[[], T]) -> T:
        unreadable = 0
        while True:
            before = None if self._written is None else self._written()
            try:
                result = write()
            except sqlite3.OperationalError as error:
                self.tries += _is_waited_out(error)
                unreadable = unreadable + 1 if is_damage(error) else 0
                if unreadable == _TRIES:
                    raise
                self._say(str(error))
                await self._sleep(self._backoff.next())
            else:
                if self._written is None or self._written() != before:
                    self.tries += 1
                    self._say("")
                    self._backoff.reset()
                return result

    def take_counts(self) -> Counter[str]:
        """What is to be counted, once."""
        counts, self.counts = self.counts, Counter()
        return counts

    def _say(self, trouble: str) -> None:
        if trouble and not self.trouble:
            self.counts["journal_stalled"] += 1
            _log.error("the journal cannot be written, trying on: %s", trouble)
        elif self.trouble and not trouble:
            _log.info("the journal can be written again")
        self.trouble = trouble


def _is_waited_out(error: sqlite3.Error) -> bool:
    return is_full(error) or getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
