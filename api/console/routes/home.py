"""The list of homes, and one home with its week."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import page, texts
from api.console.views.home import home_page, home_rows
from api.console.views.ribbon import DAYS
from api.identity.web import CurrentSession
from api.services import Services, services
from api.web.parameters import Name

router = APIRouter(prefix="/homes")

At = Annotated[Services, Depends(services)]


@router.get("")
async def homes(request: Request, session: CurrentSession, at: At) -> Response:
    """Every home, by name."""
    rows = home_rows(await at.homes.all(), at.clock(), texts(request))
    return page(request, "homes", session=session, section="homes", exact=True, rows=rows)


@router.get("/{home:path}")
async def home(request: Request, home: Name, session: CurrentSession, at: At) -> Response:
    """One home with its week, or the page's live part."""
    detail = await at.homes.one(home)
    commands = [one for hub in detail.hubs for one in await at.commands.not_over(hub.hub)]
    shown = home_page(
        detail,
        await at.homes.days(home, DAYS),
        await at.homes.activity(home, DAYS),
        at.clock(),
        texts(request),
        commands=commands,
    )
    return page(request, "home", session=session, section="homes", page=shown)
