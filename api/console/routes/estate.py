"""All hubs at once, for whoever fits them and whoever answers for them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.console.pages import page, texts
from api.console.views.estate import ALL, WANTING, estate_page
from api.estate.troubles import Trouble
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import visiting
from api.services import Services, services

router = APIRouter(prefix="/estate")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.ADD_HUBS)]

_SHOWN = {WANTING, ALL, *Trouble}


@router.get("")
async def show(
    request: Request,
    session: Visit,
    at: At,
    show: str = WANTING,
    home: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    """Those that want looking at, or those asked for; what is worst first."""
    chosen = show if show in _SHOWN else WANTING
    estate = await at.estate.of(session.user)
    return page(
        request,
        "estate",
        session=session,
        section="estate",
        exact=True,
        here=f"{request.url.path}?{request.url.query}".rstrip("?"),
        page=estate_page(estate, chosen, home, at.clock(), texts(request)),
        show=chosen,
        typed_home=home,
    )
