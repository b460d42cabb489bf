"""The guided tour of a demonstration. In earnest there is none: it would have alerts ended."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import go_to, page
from api.console.views.tour import steps
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import visiting
from api.services import Services, services

router = APIRouter()


@router.get("/tour")
async def tour(
    request: Request,
    session: Annotated[Session, visiting(Permission.READ_ALERTS)],
    at: Annotated[Services, Depends(services)],
) -> Response:
    """One night at the desk, and how far whoever looks has come."""
    if request.app.state.settings.demonstration != "yes":
        return go_to(request, "/queue")
    done = await at.alerts.deeds(session.user)
    return page(request, "tour", session=session, steps=steps(done))
