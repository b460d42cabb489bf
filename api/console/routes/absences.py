"""Pauses and absences of one home: seen, set, ended before their time."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views import words
from api.console.views.absences import absence_rows, asked_of
from api.console.views.people import number
from api.console.views.times import Clock, abbreviation
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.people.spell import SpellKind, Wish
from api.refusals import Conflict, Forbidden, Invalid
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

router = APIRouter(prefix="/absences")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_DAYS)]
Setter = Annotated[Member, acting(Permission.SET_ABSENCE)]


@router.get("/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """A home's pauses and absences."""
    return await _show(request, home, session, at)


@router.post("/{home:path}")
async def put(request: Request, home: Name, user: Setter, session: Visit, at: At) -> Response:
    """Sets one, or ends one; or says why not."""
    typed = Blank(await read_form(request))
    try:
        if typed["do"] == "end":
            await at.people.spells.end(home, number(typed["absence"]), user)
        else:
            zone = (await at.homes.one(user.reach, home, alerts=False)).time_zone
            await at.people.spells.set(home, asked_of(typed, zone), user)
    except (Conflict, Invalid, Forbidden) as error:
        return await _show(request, home, session, at, wrong=f"{error}", typed=typed)
    return go_to(request, f"/absences/{home}", notice="set")


async def _show(
    request: Request,
    home: str,
    session: Session,
    at: Services,
    *,
    wrong: str = "",
    typed: Blank | None = None,
) -> Response:
    text, reach = texts(request), session.user.reach
    detail = await at.homes.one(reach, home, alerts=False)
    clock = Clock(at.clock(), detail.time_zone, text)
    notice = None
    if wrong:
        notice = Notice("conflict", text("absence.not_set"), escape(wrong))
    elif notice_word(request) == "set":
        notice = Notice("done", text("absence.set"))
    return page(
        request,
        "absences",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="homes",
        here=f"/absences/{home}",
        id=home,
        called=words.home(detail.label, home),
        zone=abbreviation(clock.local(clock.now)),
        rows=absence_rows(await at.people.spells.of_home(reach, home), clock),
        kinds=tuple(SpellKind),
        wishes=tuple(Wish),
        typed=typed or Blank(),
    )
