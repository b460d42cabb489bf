"""The list of homes, and one home with its last days."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import go_to, page, texts
from api.console.views.absences import absence_rows
from api.console.views.home import home_page, home_rows
from api.console.views.ribbon import DAYS, LONG
from api.console.views.times import Clock
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import visiting
from api.services import Services, services
from api.web.parameters import Name

router = APIRouter(prefix="/homes")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_HOMES)]


@router.get("")
async def homes(request: Request, session: Visit, at: At) -> Response:
    """Every home, by name."""
    alerts = session.user.may(Permission.READ_ALERTS)
    found = await at.homes.all(session.user.reach, alerts=alerts)
    rows = home_rows(found, at.clock(), texts(request))
    return page(request, "homes", session=session, section="homes", exact=True, rows=rows)


@router.get("/{home:path}")
async def home(
    request: Request, home: Name, session: Visit, at: At, days: Literal["7", "28"] = "7"
) -> Response:
    """One home with its last 7 or 28 days, or the page's live part."""
    reach, span = session.user.reach, int(days)
    if not session.user.may(Permission.READ_DAYS):  # who fits hubs sees these, and no more
        return go_to(request, f"/fitting/{home}")
    detail = await at.homes.one(reach, home)
    commands = [one for hub in detail.hubs for one in await at.commands.not_over(reach, hub.hub)]
    shown = home_page(
        detail,
        await at.homes.days(reach, home, span),
        await at.homes.activity(reach, home, span),
        at.clock(),
        texts(request),
        commands=commands,
    )
    clock = Clock(at.clock(), detail.time_zone, texts(request))
    absences = absence_rows(await at.people.spells.of_home(reach, home), clock, open_only=True)
    here = f"/homes/{quote(home)}" + (f"?days={span}" if span != DAYS else "")
    return page(
        request, "home", session=session, section="homes", page=shown, absences=absences, here=here,
        span=span, spans=(DAYS, LONG),
    )  # fmt: skip
