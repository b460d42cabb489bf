"""Organisations: what hangs on each; for administrators added and given another name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, status_for, texts
from api.console.views.typed import organisation_of
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import InPerson, acting, visiting
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services, services
from api.web.forms import read_form

router = APIRouter(prefix="/organisations")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_ORGANISATIONS)]
Manager = Annotated[Member, acting(Permission.MANAGE_ORGANISATIONS)]
_DONE = ("added", "renamed")
_TURNED_DOWN = (Invalid, Conflict, NotAllowed)


@router.get("")
async def show(request: Request, session: Visit, at: At) -> Response:
    """Every one within reach."""
    return await _all(request, session, at, Blank())


@router.post("")
async def add(request: Request, session: Visit, user: Manager, _: InPerson, at: At) -> Response:
    """Adds one."""
    typed = Blank(await read_form(request))
    try:
        made = await at.organisations.add(typed["name"], user)
    except _TURNED_DOWN as error:
        return await _all(request, session, at, typed, error)
    return go_to(request, f"/organisations/{made.organisation}", notice="added")


@router.get("/{organisation}")
async def one(request: Request, organisation: str, session: Visit, at: At) -> Response:
    """One of them, with the way to all that hangs on it."""
    return await _one(request, session, at, organisation)


@router.post("/{organisation}")
async def rename(
    request: Request, organisation: str, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Gives it another name."""
    typed, number = Blank(await read_form(request)), organisation_of(organisation)
    try:
        await at.organisations.rename(number, typed["name"], user, seen=typed["seen"])
    except _TURNED_DOWN as error:
        return await _one(request, session, at, organisation, (typed, error))
    return go_to(request, f"/organisations/{organisation}", notice="renamed")


async def _all(
    request: Request, session: Session, at: Services, typed: Blank, error: Exception | None = None
) -> Response:
    return page(
        request, "organisations", session=session, status=status_for(error),
        section="organisations", exact=True, here="/organisations", notice=_notice(request, error),
        typed=typed, found=await at.organisations.standing(session.user), **_may(session.user),
    )  # fmt: skip


async def _one(
    request: Request,
    session: Session,
    at: Services,
    organisation: str,
    turned_down: tuple[Blank, Exception] | None = None,
) -> Response:
    """One of them, or why what was typed was turned down."""
    typed, error = turned_down or (None, None)
    number = organisation_of(organisation)
    found = await at.organisations.standing(session.user)
    about = next((one for one in found if one.organisation == number), None)
    if about is None:
        raise NotFound(f"There is no organisation {organisation}.")
    return page(
        request, "organisation", session=session, status=status_for(error), section="organisations",
        here=f"/organisations/{organisation}", notice=_notice(request, error), about=about,
        typed=typed or Blank(name=about.name), **_may(session.user),
    )  # fmt: skip


def _may(user: Member) -> dict[str, bool]:
    """What else whoever looks may go to from here."""
    return {
        "manages": user.may(Permission.MANAGE_ORGANISATIONS),
        "channels": user.may(Permission.MANAGE_OUTBOX),
        "staff": user.may(Permission.MANAGE_STAFF),
    }


def _notice(request: Request, error: Exception | None) -> Notice | None:
    text = texts(request)
    if error is not None:
        return Notice("conflict", text("account.not_done"), escape(f"{error}"))
    word = notice_word(request)
    return Notice("done", text(f"organisations.{word}")) if word in _DONE else None
