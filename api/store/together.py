"""One reading for all who ask for the same at once, as open pages do when something changes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Generic, TypeVar

from api.store.reach import Reach

T = TypeVar("T")

PATIENCE_SECONDS = 1.0
"""How long a reading waits for the one before it; a link that went dead is not to hold up all."""


class Together(Generic[T]):
    """Shares each reading among those who had asked for it before it began.

    So nobody is given what was read before they asked: who has written something sees it, and so
    does whoever was told of it. Nothing is kept: who asks while a reading goes on has part in the
    next, which begins when that one ends. A reading that failed fails for all who have part in it.

    Args:
        read: Reads what may be seen within a reach. It is done in nobody's name.
    """

    def __init__(self, read: Callable[[Reach], Awaitable[T]]) -> None:
        self._read = read
        self._next: dict[Reach, asyncio.Task[T]] = {}
        self._newest: dict[Reach, asyncio.Task[T]] = {}

    async def ask(self, reach: Reach) -> T:
        """What may be seen within `reach`, read after this was called.

        Args:
            reach: The same, to the letter, for all who share: :func:`api.store.reach.common`.
        """
        task = self._next.get(reach)
        if task is None:
            begun = self._begin(reach, self._newest.get(reach))
            task = asyncio.create_task(begun, context=Context())  # nobody's correlation id
            self._next[reach] = self._newest[reach] = task
            task.add_done_callback(lambda done: self._ended(reach, done))
        return await asyncio.shield(task)  # who gives up does not end it for the others

    async def _begin(self, reach: Reach, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before], timeout=PATIENCE_SECONDS)
        del self._next[reach]
        return await self._read(reach)

    def _ended(self, reach: Reach, task: asyncio.Task[T]) -> None:
        if self._newest.get(reach) is task:
            del self._newest[reach]
        if self._next.get(reach) is task:  # ended before it began, with the service
            del self._next[reach]
        if not task.cancelled():
            task.exception()  # told to whoever still waits; nobody may
