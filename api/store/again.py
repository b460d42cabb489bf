"""Does work once more that another transaction stood in the way of.

Two that lock the same rows in another order wait for each other, and PostgreSQL ends one of them.
Nothing of that one was stored: done again it gets through, and nobody need be told.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from api.refusals import InTheWay

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.05
"""For so long the other one has its way."""


class _Work:
    """What became of some work so far."""

    def __init__(self, within: "_Work | None") -> None:
        self.within = within
        self.stored = False


_at_work: ContextVar[_Work | None] = ContextVar("at_work", default=None)


def was_stored() -> None:
    """Tells that a transaction was, so that the work that it is part of is not done twice."""
    work = _at_work.get()
    while work is not None:
        work.stored, work = True, work.within


def once_more(work: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """The same work, done a second time where another transaction stood in its way.

    Only where no transaction of the first time was stored: what is done in several is not done
    again from the beginning when a later one is ended.
    """

    @wraps(work)
    async def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        first = _Work(_at_work.get())
        token = _at_work.set(first)
        try:
            return await work(*args, **kwargs)
        except InTheWay:
            if first.stored:
                raise
        finally:
            _at_work.reset(token)
        log.info("another transaction stood in the way; it is tried once more")
        await asyncio.sleep(PAUSE_SECONDS)
        return await work(*args, **kwargs)

    return tried
