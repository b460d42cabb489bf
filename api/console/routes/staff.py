"""Staff for administrators: who works here, invited, changed and let go."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.staff import staff_rows
from api.console.views.times import Clock
from api.identity.passkey_routes import origin
from api.identity.people import Member, Session
from api.identity.permissions import Permission, Role
from api.identity.staff_views import Invitation, NewStaff, StaffChange, StaffMember
from api.identity.web import InPerson, acting, visiting
from api.organisations.service import Organisation
from api.refusals import Conflict, Invalid, NotAllowed
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import VERSION, Number
from api.web.parameters import number as number_of

router = APIRouter(prefix="/staff")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.MANAGE_STAFF)]
Manager = Annotated[Member, acting(Permission.MANAGE_STAFF)]
_DONE = ("saved", "factor_off", "stopped", "started")
_ORGANISATION = "organisation-"
_TURNED_DOWN = (Invalid, Conflict, NotAllowed)


@router.get("")
async def show(request: Request, session: Visit, at: At) -> Response:
    """Everybody within reach, and a form to invite somebody."""
    return await _all(request, session, at, Blank())


@router.post("")
async def add(request: Request, session: Visit, user: Manager, _: InPerson, at: At) -> Response:
    """Adds somebody, and shows the link for them, this once."""
    typed = Blank(await read_form(request))
    asked = NewStaff(
        username=typed["username"], name=typed["name"] or typed["username"], role=typed["role"],
        organisations=_organisations(typed), everywhere=bool(typed["everywhere"]),
    )  # fmt: skip
    try:
        made = await at.administration.add(asked, user, origin(request))
    except _TURNED_DOWN as error:
        return await _all(request, session, at, typed, error)
    return _link(request, session, at, made)


@router.get("/{number}")
async def one(request: Request, number: Number, session: Visit, at: At) -> Response:
    """One of them, and what can be done."""
    return await _one(request, session, at, number)


@router.post("/{number}")
async def change(
    request: Request, number: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Gives somebody another name, role or reach."""
    typed = Blank(await read_form(request))
    version = number_of(typed["version"], VERSION) or 0
    asked = StaffChange(
        version=version, name=typed["name"], role=typed["role"],
        organisations=_organisations(typed), everywhere=bool(typed["everywhere"]),
    )  # fmt: skip
    try:
        await at.administration.change(number, asked, user)
    except _TURNED_DOWN as error:
        return await _one(request, session, at, number, error)
    return go_to(request, f"/staff/{number}", notice="saved")


@router.post("/{number}/invitation")
async def invite(
    request: Request, number: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Shows a new link for somebody, this once."""
    try:
        made = await at.administration.invite(number, user, origin(request))
    except _TURNED_DOWN as error:
        return await _one(request, session, at, number, error)
    return _link(request, session, at, made)


@router.post("/{number}/second-factor")
async def reset(
    request: Request, number: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Takes app, recovery codes and passkeys off."""
    try:
        await at.administration.reset_second_factor(number, user)
    except _TURNED_DOWN as error:
        return await _one(request, session, at, number, error)
    return go_to(request, f"/staff/{number}", notice="factor_off")


@router.get("/{number}/disable")
async def ask(request: Request, number: Number, session: Visit, at: At) -> Response:
    """What it means to let somebody go, before it is done."""
    about = await at.administration.one(number, session.user)
    return page(request, "staff_stop", session=session, section="staff", about=about)


@router.post("/{number}/disable")
async def disable(
    request: Request, number: Number, session: Visit, user: Manager, at: At
) -> Response:
    """Lets somebody go."""
    try:
        await at.administration.disable(number, user)
    except _TURNED_DOWN as error:
        return await _one(request, session, at, number, error)
    return go_to(request, f"/staff/{number}", notice="stopped")


@router.post("/{number}/enable")
async def enable(
    request: Request, number: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Lets somebody back in."""
    try:
        await at.administration.enable(number, user)
    except _TURNED_DOWN as error:
        return await _one(request, session, at, number, error)
    return go_to(request, f"/staff/{number}", notice="started")


def _organisations(typed: Blank) -> list[int]:
    ticked = (field.removeprefix(_ORGANISATION) for field in typed if _ORGANISATION in field)
    return [found for one in ticked if (found := number_of(one)) is not None]


async def _names(at: Services, user: Member) -> list[Organisation]:
    return await at.organisations.all(user.reach)


def _wrong(request: Request, error: Exception | None) -> Notice | None:
    if error is None:
        return None
    return Notice("conflict", texts(request)("account.not_done"), escape(f"{error}"))


def _status(error: Exception | None) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


async def _all(
    request: Request, session: Session, at: Services, typed: Blank, error: Exception | None = None
) -> Response:
    user, text = session.user, texts(request)
    found = await at.administration.all(user)
    organisations = await _names(at, user)
    names = {one.organisation: one.name for one in organisations}
    return page(
        request,
        "staff",
        session=session,
        status=_status(error),
        section="staff",
        exact=True,
        here="/staff",
        notice=_wrong(request, error),
        typed=typed,
        rows=staff_rows(found, names, me=user, now=at.clock(), text=text),
        **_choices(organisations, next((one for one in found if one.id == user.id), None)),
        chosen=_organisations(typed),
    )


async def _one(
    request: Request, session: Session, at: Services, number: int, error: Exception | None = None
) -> Response:
    user, text = session.user, texts(request)
    about = await at.administration.one(number, user)
    me = await at.administration.one(user.id, user)
    organisations = await _names(at, user)
    names = {one.organisation: one.name for one in organisations}
    (row,) = staff_rows([about], names, me=user, now=at.clock(), text=text)
    word = notice_word(request)
    done = Notice("done", text(f"staff.{word}")) if word in _DONE else None
    return page(
        request,
        "staff_one",
        session=session,
        status=_status(error),
        section="staff",
        here=f"/staff/{number}",
        notice=_wrong(request, error) or done,
        about=about,
        row=row,
        **_choices(organisations, me),
    )


def _choices(organisations: list[Organisation], me: StaffMember | None) -> dict[str, Any]:
    """What may be given: no more than one has."""
    everywhere = me is not None and me.everywhere
    return {"roles": list(Role), "organisations": organisations, "everywhere": everywhere}


def _link(request: Request, session: Session, at: Services, made: Invitation) -> Response:
    until = Clock(at.clock(), "UTC", texts(request)).stamp(made.expires_at)
    return page(
        request, "staff_link", session=session, section="staff", here="/staff", invitation=made,
        until=until,
    )  # fmt: skip
