"""Follow-up tasks: mine, due, overdue; adding one, handing it on, ending it."""

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views import words
from api.console.views.response import Choice
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid
from api.response.follow_ups import AddFollowUp, ChangeFollowUp, Done, EndFollowUp
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import number

router = APIRouter(prefix="/follow-ups")
T = TypeVar("T")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_RESPONSE)]
Doer = Annotated[Member, acting(Permission.DO_FOLLOW_UPS)]
Home = Annotated[str, Query(max_length=128, pattern=r"^[^\x00]*$")]


@router.get("")
async def show(  # noqa: PLR0917 - what FastAPI hands in
    request: Request,
    session: Visit,
    at: At,
    whose: Literal["mine", "all"] = "all",
    when: Literal["open", "due", "overdue"] = "open",
    home: Home = "",
    alert: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Response:
    """The open tasks, and the form of a new one where a home is named."""
    typed = Blank(home=home, alert=f"{alert or ''}")
    return await _show(request, session, at, typed=typed, whose=whose, when=when)


@router.post("")
async def act(request: Request, user: Doer, session: Visit, at: At) -> Response:
    """Adds a task, hands one on, or says what came of it."""
    typed = Blank(await read_form(request))
    try:
        await _act(at, user, typed)
    except (Conflict, Invalid) as error:
        return await _show(request, session, at, typed=typed, wrong=str(error))
    return go_to(request, "/follow-ups", notice="kept")


async def _act(at: Services, by: Member, typed: Blank) -> None:
    tasks, number, version = at.response.follow_ups, _number(typed["task"]), typed["version"]
    if typed["do"] == "add":
        asked = {
            "home": typed["home"], "what": typed["what"], "due_on": typed["due_on"],
            "alert": _number(typed["alert"]) or None, "assignee": typed["assignee"],
        }  # fmt: skip
        await tasks.add(by, _read(asked, AddFollowUp))
    elif typed["do"] == "change":
        change = {"version": _number(version), "due_on": typed["due_on"], "assignee": typed["to"]}
        await tasks.change(by, number, _read(change, ChangeFollowUp))
    else:
        end = {"version": _number(version), "outcome": typed["outcome"], "note": typed["note"]}
        await tasks.end(by, number, _read(end, EndFollowUp))


def _read(said: Mapping[str, object], form: type[T]) -> T:
    try:
        return msgspec.convert(said, form)
    except msgspec.ValidationError as error:
        raise Invalid(f"That cannot be kept: {error}.") from error


async def _show(
    request: Request,
    session: Session,
    at: Services,
    *,
    typed: Blank,
    whose: str = "all",
    when: str = "open",
    wrong: str = "",
) -> Response:
    text, me = texts(request), session.user
    found = await at.response.follow_ups.open(me, mine=whose == "mine", when=when)
    home, home_name, colleagues = typed["home"], "", []
    if home:
        detail = await at.homes.one(me.reach, home, alerts=False)
        home_name = words.home(detail.label, home)
        colleagues = [Choice(*one) for one in await at.response.follow_ups.colleagues(me, home)]
    notice = Notice("conflict", text("response.not_kept"), escape(wrong)) if wrong else None
    if notice is None and notice_word(request) == "kept":
        notice = Notice("done", text("response.kept"))
    return page(
        request, "follow_ups", session=session, section="follow_ups", exact=True, notice=notice,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        found=[(one, words.home(one.label, one.home), _day(one.due_on)) for one in found],
        typed=typed, home_name=home_name, whose=whose, when=when, colleagues=colleagues,
        outcomes=list(Done), tomorrow=(at.clock() + timedelta(days=1)).date().isoformat(),
        edits=me.may(Permission.DO_FOLLOW_UPS),
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _number(typed: str) -> int:
    return number(typed) or 0
