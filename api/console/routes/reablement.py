"""How somebody does in a programme of reablement, week by week."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, page, texts
from api.console.views import words
from api.console.views.people import day_of
from api.console.views.reablement import line, parted
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.reablement.days import MEASURES
from api.reablement.views import NewProgramme, Sequel
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

router = APIRouter(prefix="/reablement")

At = Annotated[Services, Depends(services)]
Number = Annotated[int, Query(ge=1, le=2**53)]
Visit = Annotated[Session, visiting(Permission.READ_DAYS)]
Setter = Annotated[Member, acting(Permission.SET_REABLEMENT)]


@router.get("")
async def everywhere(request: Request, session: Visit, at: At) -> Response:
    """The programmes of all homes: those that run, and below them those that have ended."""
    text = texts(request)
    running, ended = parted([line(one, text) for one in await at.reablement.all(session.user)])
    return page(
        request, "reablements", session=session, section="homes", running=running, ended=ended
    )


@router.get("/{home:path}")
async def show(
    request: Request, home: Name, session: Visit, at: At, programme: Number | None = None
) -> Response:
    """The programme that is running, or the form that begins one; or one that has ended."""
    return await _show(request, home, session, at, programme=programme)


@router.post("/{home:path}")
async def change(request: Request, home: Name, user: Setter, session: Visit, at: At) -> Response:
    """Begins or ends a programme, or says why not."""
    typed, text = Blank(await read_form(request)), texts(request)
    try:
        if typed["do"] == "end":
            sequel = msgspec.convert(typed["sequel"], Sequel)
            await at.reablement.end(user, home, sequel)
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
    programme: int | None = None,
    wrong: str = "",
    typed: Blank | None = None,
) -> Response:
    text, user = texts(request), session.user
    detail = await at.homes.one(user.reach, home, alerts=False)
    running, ended = parted([line(one, text) for one in await at.reablement.all(user, home)])
    there = {one.programme for one in (*running, *ended)}
    if programme is not None and programme not in there:
        raise NotFound(f"There is no programme {programme} in home {home}.")
    number = programme or next((one.programme for one in running), None)
    shown = await at.reablement.one(user, number) if number else None
    rows = []
    for week in shown.weeks if shown else []:
        values = [getattr(week, name) for name in MEASURES]
        cells = ["" if value is None else f"{value:.1f}" for value in values]
        rows.append([f"{week.week}", day_of(week.begins, text), f"{week.days_seen}", *cells])
    return page(
        request,
        "reablement",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=Notice("conflict", text("reablement.not_done"), escape(wrong)) if wrong else None,
        section="homes",
        home=home,
        called=words.home(detail.label, home),
        programme=shown,
        since=day_of(shown.starts, text) if shown else "",
        over=next((one for one in ended if one.programme == number), None),
        ended=[one for one in ended if one.programme != number],
        sequels=[*Sequel],
        rows=rows,
        measures=MEASURES,
        today=at.clock().date(),
        typed=typed or Blank(),
        may_set=user.may(Permission.SET_REABLEMENT),
    )
