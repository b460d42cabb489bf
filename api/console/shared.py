"""What many consoles read at once is read and worded once for all who may see the same."""

import asyncio
from functools import partial

from fastapi import FastAPI, Request

from api.console.text import catalogue
from api.console.views.queue import QueuePage, queue_page
from api.services import Services
from api.store.reach import Reach
from api.store.together import Together


def share(console: FastAPI) -> None:
    """Has the consoles of an application share their readings."""
    console.state.shared_queue = Together(partial(_queue, console))


def shared_queue(request: Request) -> Together[QueuePage]:
    """The queue, as nobody in particular sees it."""
    found: Together[QueuePage] = request.app.state.shared_queue
    return found


async def _queue(console: FastAPI, reach: Reach) -> QueuePage:
    at: Services = console.state.services
    calling, found = await asyncio.gather(
        at.response.attempts.calling(reach), at.alerts.queue_unseen(reach)
    )
    return queue_page(found, at.clock(), catalogue("en"), calling=calling)
