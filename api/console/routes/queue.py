"""The queue: what waits, who has what."""

import asyncio
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Notice, go_to, notice_word, page, texts, wants_part
from api.console.shared import shared_queue
from api.console.views.narrowing import Narrow, asked, conditions, narrowed
from api.console.views.queue import QueuePage, seen_by
from api.identity.people import Member
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
    narrow = asked(request.query_params, me.organisations)
    part, whole = await _read(request, me, narrow)
    organisations = await _named(request, at, me, narrow)
    shown, left_out = narrowed(whole, part, narrow, text, organisations)
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
        here=narrow.address,
        page=shown,
        narrow=narrow,
        left_out=left_out,
        conditions=conditions(text),
        organisations=organisations,
        looks=looks,
    )


async def _read(request: Request, me: Member, narrow: Narrow) -> tuple[QueuePage, QueuePage]:
    """The queue of the chosen organisation, and then all: what comes between is left out, said."""
    shared = shared_queue(request)
    part = None
    if narrow.organisation:
        of_it = msgspec.structs.replace(me, organisations=(narrow.organisation,))
        part = seen_by(me, await shared.ask(of_it.common_reach))
    whole = seen_by(me, await shared.ask(me.common_reach))
    return part or whole, whole


async def _named(request: Request, at: Services, me: Member, narrow: Narrow) -> dict[int, str]:
    """Their organisations, where they look after several and the page is about to name them."""
    several = len(me.organisations) > 1
    if not several or (wants_part(request) and not narrow.organisation):
        return {}
    return {one.organisation: one.name for one in await at.organisations.all(me.reach)}
