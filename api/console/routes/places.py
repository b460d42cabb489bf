"""Places for hubs: added, followed, let go; and the sheet with a claim code for the installer."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup, escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.places import code_sheet, place_rows
from api.hubs.places import Place, PlaceRequest
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name, number

router = APIRouter()

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.ADD_HUBS)]
Adder = Annotated[Member, acting(Permission.ADD_HUBS)]
Revoker = Annotated[Member, acting(Permission.REVOKE_HUBS)]

_FIRST_ZONE = "Europe/London"


@router.get("/places")
async def form(request: Request, session: Visit, at: At) -> Response:
    """The form for a home that is new, or a further hub in one."""
    return await _form(request, session, at, Blank(time_zone=_FIRST_ZONE))


@router.post("/places")
async def add(request: Request, user: Adder, session: Visit, at: At) -> Response:
    """Adds a place, and shows its sheet; or says on the form what is wrong."""
    typed = Blank(await read_form(request))
    organisation = typed["organisation"]
    asked = PlaceRequest(
        home=typed["home"].strip(), label=typed["label"], time_zone=typed["time_zone"].strip()
    )
    try:
        first = user.organisations[0] if user.organisations else 0
        whose = number(organisation) if organisation else first
        made = await at.places.add(whose or 0, asked, user)
    except (Invalid, Conflict) as error:
        return await _form(request, session, at, typed, wrong=f"{error}")
    return await _sheet(request, session, at, made)


@router.get("/places/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """The hubs of one home, and what can be done with each."""
    return await _show(request, home, session, at)


@router.post("/place/{hub}/code")
async def renew(request: Request, hub: Name, user: Adder, session: Visit, at: At) -> Response:
    """Makes a new code for a place that waits for its hub, and shows its sheet."""
    return await _made(request, session, at, lambda: at.places.renew(hub, user))


@router.post("/place/{hub}/replace")
async def replace(request: Request, hub: Name, user: Adder, session: Visit, at: At) -> Response:
    """Adds the hub that is to follow this one, and shows its sheet."""
    return await _made(request, session, at, lambda: at.places.replace(hub, user))


@router.post("/place/{hub}/revoke")
async def revoke(request: Request, hub: Name, user: Revoker, session: Visit, at: At) -> Response:
    """Lets a hub go, where the box was ticked that says so."""
    typed = Blank(await read_form(request))
    home = typed["home"]
    if typed["sure"] != "yes":
        text = texts(request)
        return await _show(request, home, session, at, wrong=text("places.unsure"))
    try:
        await at.places.revoke(hub, user)
    except Conflict as error:
        return await _show(request, home, session, at, wrong=f"{error}")
    return go_to(request, f"/places/{home}", notice="let_go")


async def _made(
    request: Request, session: Session, at: Services, make: Callable[[], Awaitable[Place]]
) -> Response:
    home = (await read_form(request)).get("home", "")
    try:
        made = await make()
    except Conflict as error:
        return await _show(request, home, session, at, wrong=f"{error}")
    return await _sheet(request, session, at, made)


async def _sheet(request: Request, session: Session, at: Services, made: Place) -> Response:
    detail = await at.homes.one(session.user.reach, made.home, alerts=False)
    sign = segno.make_qr(made.code, error="q", mode="alphanumeric")
    drawn = sign.svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True)
    response = page(
        request,
        "place_code",
        session=session,
        section="homes",
        here=f"/places/{made.home}",
        page=code_sheet(made, detail, at.clock(), texts(request)),
        qr=Markup(drawn),  # noqa: S704 - drawn here, of a code made here
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def _form(
    request: Request, session: Session, at: Services, typed: Blank, *, wrong: str = ""
) -> Response:
    known = await at.organisations.all(session.user.reach)
    return page(
        request,
        "places_add",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        section="homes",
        here="/places",
        errors=Blank(form=wrong) if wrong else Blank(),
        typed=typed,
        organisations=known,
    )


async def _show(
    request: Request, home: str, session: Session, at: Services, *, wrong: str = ""
) -> Response:
    text = texts(request)
    if not home:
        raise NotFound("There is no such home.")
    detail = await at.homes.one(session.user.reach, home, alerts=False)
    notice = None
    if wrong:
        notice = Notice("conflict", text("places.not_done"), escape(wrong))
    elif notice_word(request) == "let_go":
        notice = Notice("done", text("places.let_go"))
    return page(
        request,
        "places",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="homes",
        here=f"/places/{home}",
        page=place_rows(detail, at.clock(), text),
    )
