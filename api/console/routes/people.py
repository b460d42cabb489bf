"""Who lives in a home: seeing them, and putting on record who they are and what they agreed to."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.people import (
    GIVEN_BY,
    due_rows,
    identity_of,
    number,
    people_page,
    risk_of,
    scope_of,
)
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import Name

router = APIRouter()

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_PEOPLE)]
Setter = Annotated[Member, acting(Permission.SET_PEOPLE)]


@router.get("/people")
async def follow_ups(request: Request, session: Visit, at: At) -> Response:
    """What about people wants doing."""
    rows = due_rows(await at.people.reading.follow_ups(session.user), texts(request))
    return page(request, "people_wanting", session=session, section="homes", rows=rows)


@router.get("/people/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """The page of a home's people."""
    return await _show(request, home, session, at)


@router.post("/people/{home:path}")
async def put(request: Request, home: Name, user: Setter, session: Visit, at: At) -> Response:
    """Puts something on record, or says why not."""
    typed = Blank(await read_form(request))
    work = _WORK.get(typed["do"])
    if work is None:
        return go_to(request, f"/people/{home}")
    try:
        await work(at, home, typed, user)
    except (Conflict, Invalid) as error:
        return await _show(request, home, session, at, wrong=f"{error}", typed=typed)
    return go_to(request, f"/people/{home}", notice="recorded")


async def _add(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    await at.people.residents.add(home, identity_of(typed), by)


async def _change(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    who, seen = typed["resident"], number(typed["seen"])
    await at.people.residents.change(home, uuid_of(who), identity_of(typed), by, seen=seen)


async def _risk(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    who, seen = typed["resident"], number(typed["seen"])
    await at.people.residents.put_risk(home, uuid_of(who), risk_of(typed), by, seen=seen)


async def _agree(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    await at.people.residents.agree(home, uuid_of(typed["resident"]), scope_of(typed), by)


async def _withdraw(at: Services, home: str, typed: Mapping[str, str], by: Member) -> None:
    who, reason = uuid_of(typed["resident"]), typed["reason"][:2000]
    await at.people.residents.withdraw(home, who, by, reason=reason)


_WORK: dict[str, Callable[[Services, str, Mapping[str, str], Member], Awaitable[None]]] = {
    "add": _add, "change": _change, "risk": _risk, "agree": _agree, "withdraw": _withdraw,
}  # fmt: skip


def uuid_of(text: str) -> str:
    """A resident's pseudonym as a form has it.

    Raises:
        Invalid: It is none.
    """
    try:
        return f"{UUID(text)}"
    except ValueError as error:
        raise Invalid("There is no such resident.") from error


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
    found = await at.people.reading.of_home(home, user)
    notice = None
    if wrong:
        notice = Notice("conflict", text("people.not_recorded"), escape(wrong))
    elif notice_word(request) == "recorded":
        notice = Notice("done", text("people.recorded"))
    return page(
        request,
        "people",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="homes",
        here=f"/people/{home}",
        page=people_page(detail, found, at.clock(), text),
        given_by=GIVEN_BY,
        typed=typed or Blank(),
    )
