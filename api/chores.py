"""Does things again and again, whatever happens to one turn; :mod:`api.timetable` says which."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from api.refusals import DatabaseAway

log = logging.getLogger(__name__)


async def every(
    seconds: float,
    chore: Callable[[], Awaitable[object]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Does a chore again and again. One that fails is logged and tried again at its next turn.

    While the database is away that is said once, not at each turn.
    """
    away = False
    while True:
        try:
            await chore()
            away = False
        except DatabaseAway as error:
            if not away:
                log.warning("put off: %s", error)
            away = True
        except Exception:
            log.exception("a chore failed; it is tried again")
        await sleep(seconds)


@asynccontextmanager
async def in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs these while the block runs, and ends them with it."""
    async with AsyncExitStack() as stack:
        for each in work:
            stack.push_async_callback(_end, asyncio.create_task(each))
        yield


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
