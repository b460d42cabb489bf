"""Everything about a home on a page to read and print, and its erasure."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, page, texts
from api.console.routes.people import uuid_of
from api.console.views import words
from api.console.views.people import people_page
from api.console.views.record import record_tables
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.people.erasure import EraseRequest
from api.refusals import Conflict, Invalid, TooMany
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

router = APIRouter()

At = Annotated[Services, Depends(services)]
Reader = Annotated[Session, visiting(Permission.EXPORT_PEOPLE)]
Visit = Annotated[Session, visiting(Permission.ERASE_PEOPLE)]
Eraser = Annotated[Member, acting(Permission.ERASE_PEOPLE)]


@router.get("/record/{home:path}")
async def record(request: Request, home: Name, session: Reader, at: At) -> Response:
    """Everything that is stored about a home, to be read and printed."""
    user, text = session.user, texts(request)
    detail = await at.homes.one(user.reach, home, alerts=False)
    found = await at.people.exports.record(home, user)
    shown = people_page(detail, await at.people.reading.of_home(home, user), at.clock(), text)
    return page(
        request, "record", session=session, section="homes", page=shown,
        tables=record_tables(found),
    )  # fmt: skip


@router.get("/erase/{home:path}")
async def ask(request: Request, home: Name, session: Visit, at: At, resident: str = "") -> Response:
    """What will be gone, and how to confirm it."""
    return await _show(request, home, session, at, resident=resident)


@router.post("/erase/{home:path}")
async def erase(request: Request, home: Name, user: Eraser, session: Visit, at: At) -> Response:
    """Erases a home or one of its people, or says why not."""
    typed = Blank(await read_form(request))
    who = typed["resident"]
    asked = EraseRequest(confirm=typed["confirm"], code=typed["code"])
    try:
        if who:
            await at.people.erasures.resident(home, uuid_of(who), asked, user)
        else:
            await at.people.erasures.home(home, asked, user)
    except (Conflict, Invalid, TooMany) as error:
        return await _show(request, home, session, at, resident=who, wrong=f"{error}")
    return go_to(request, f"/people/{home}" if who else "/homes")


async def _show(
    request: Request, home: str, session: Session, at: Services, *, resident: str, wrong: str = ""
) -> Response:
    text, user = texts(request), session.user
    detail = await at.homes.one(user.reach, home, alerts=False)
    return page(
        request,
        "erase",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=Notice("conflict", text("erase.not_erased"), escape(wrong)) if wrong else None,
        section="homes",
        here=f"/erase/{home}",
        id=home,
        called=words.home(detail.label, home),
        resident=resident,
        confirm=resident or home,
        along=await at.people.erasures.along(home, resident, user) if resident else None,
    )
