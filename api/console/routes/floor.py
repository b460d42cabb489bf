"""The wallboard, the page of who answers for a shift, and what one shift leaves to the next."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import page, texts
from api.console.views.floor import wall, workers
from api.console.views.hand_over import hand_over_page
from api.floor.service import HOURS
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import visiting
from api.services import Services, services

router = APIRouter()

At = Annotated[Services, Depends(services)]


@router.get("/wallboard")
async def wallboard(
    request: Request, session: Annotated[Session, visiting(Permission.READ_ALERTS)], at: At
) -> Response:
    """What waits, whether promises are kept, what is heard: to be read from across the room."""
    shown = wall(await at.floors.now(session.user), texts(request))
    return page(request, "wallboard", session=session, section="shift", wall=shown)


@router.get("/shift")
async def shift(
    request: Request, session: Annotated[Session, visiting(Permission.SET_DUTIES)], at: At
) -> Response:
    """The same in numbers, and who has and did what."""
    text, user = texts(request), session.user
    floor = await at.floors.now(user)
    hands = await at.floors.hands(user, timedelta(hours=HOURS))
    return page(
        request,
        "shift",
        session=session,
        section="shift",
        exact=True,
        wall=wall(floor, text),
        workers=workers(hands, floor, text),
        hours=HOURS,
    )


@router.get("/hand-over")
async def hand_over(
    request: Request,
    session: Annotated[Session, visiting(Permission.READ_ALERTS)],
    at: At,
    hours: Literal["8", "12", "24"] = "8",
) -> Response:
    """What is open, set aside, paused, due and done: to be read together and printed."""
    text, user = texts(request), session.user
    queue = await at.alerts.queue(user.reach)
    shift = await at.floors.shift(user, timedelta(hours=int(hours)))
    may_read = user.may(Permission.READ_RESPONSE)
    tasks = await at.response.follow_ups.open(user, when="due") if may_read else []
    return page(
        request,
        "hand_over",
        session=session,
        section="queue",
        page=hand_over_page(queue, shift, tasks, user, text),
        hours=hours,
    )
