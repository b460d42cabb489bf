"""How somebody does in a programme of reablement, week by week."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, page, texts
from api.console.views import words
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.reablement.days import MEASURES
from api.reablement.views import NewProgramme
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

router = APIRouter(prefix="/reablement")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_DAYS)]
Setter = Annotated[Member, acting(Permission.SET_REABLEMENT)]


@router.get("/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """The programme that is running, or the form that begins one."""
    return await _show(request, home, session, at)


@router.post("/{home:path}")
async def change(request: Request, home: Name, user: Setter, session: Visit, at: At) -> Response:
    """Begins or ends a programme, or says why not."""
    typed, text = Blank(await read_form(request)), texts(request)
    try:
        if typed["do"] == "end":
            await at.reablement.end(user, home)
        else:
            asked = msgspec.convert(
                {"starts": typed["starts"], "weeks": typed["weeks"]}, NewProgramme, strict=False
            )
            await at.reablement.begin(user, home, asked)
    except msgspec.ValidationError:
        wrong = text("reablement.wrong")
        return await _show(request, home, session, at, wrong=wrong, typed=typed)
    except (Conflict, Invalid) as error:
        return await _show(request, home, session, at, wrong=f"{error}", typed=typed)
    return go_to(request, f"/reablement/{home}")


async def _show(
    request: Request,
    home: str,
    session: Session,
    at: Services,
    *,
    wrong: str = "",
    typed: Blank | None = None,
) -> Response:
    text, user = texts(request), session.user
    detail = await at.homes.one(user.reach, home, alerts=False)
    try:
        programme = await at.reablement.of(user, home)
    except NotFound:
        programme = None
    rows = []
    for week in programme.weeks if programme else []:
        values = [getattr(week, name) for name in MEASURES]
        shown = ["" if value is None else f"{value:.1f}" for value in values]
        rows.append([f"{week.week}", f"{week.begins}", f"{week.days_seen}", *shown])
    return page(
        request,
        "reablement",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=Notice("conflict", text("reablement.not_done"), escape(wrong)) if wrong else None,
        section="homes",
        home=home,
        called=words.home(detail.label, home),
        programme=programme,
        rows=rows,
        measures=MEASURES,
        today=at.clock().date(),
        typed=typed or Blank(),
        may_set=user.may(Permission.SET_REABLEMENT),
    )
