"""The queue: what waits, who has what."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Notice, go_to, notice_word, page, texts
from api.console.shared import shared_queue
from api.console.views.queue import seen_by
from api.identity.permissions import Permission
from api.identity.web import CurrentSession
from api.services import Services, services

router = APIRouter()


@router.get("/queue")
async def queue(
    request: Request, session: CurrentSession, at: Annotated[Services, Depends(services)]
) -> Response:
    """The queue page, or its live part."""
    if not session.user.may(Permission.READ_ALERTS):  # the console begins with what they may see
        return go_to(request, "/homes")
    text = texts(request)
    known = {"released", "resolved", "stepped"}
    word = notice_word(request)
    me = session.user
    shown = await shared_queue(request).ask(me.common_reach)
    looks, _ = await asyncio.gather(
        at.response.key_safes.unseen(me), at.alerts.queue_seen(me.reach)
    )
    return page(
        request,
        "queue",
        session=session,
        notice=Notice("done", text(f"done.{word}")) if word in known else None,
        section="queue",
        exact=True,
        page=seen_by(me, shown),
        looks=looks,
    )
