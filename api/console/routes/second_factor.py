"""One's own second factor: set up with an app, put in force by its first code, taken off."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.times import in_words
from api.identity.people import Session
from api.identity.web import CurrentSession, InPerson
from api.refusals import Conflict, Invalid, NotFound, TooMany
from api.services import Services, services
from api.web.forms import read_form

router = APIRouter(prefix="/second-factor")

At = Annotated[Services, Depends(services)]
_GROUP = 4


@router.get("")
async def show(request: Request, session: CurrentSession, at: At) -> Response:
    """How it stands, and what can be done with it."""
    return await _show(request, session, at)


@router.post("/begin")
async def begin(request: Request, user: InPerson, session: CurrentSession, at: At) -> Response:
    """Makes a secret and shows it, this once, for the app."""
    try:
        begun = await at.second_factors.begin(user)
    except Conflict as error:
        return await _show(request, session, at, wrong=f"{error}")
    groups = range(0, len(begun.secret), _GROUP)
    secret = " ".join(begun.secret[start : start + _GROUP] for start in groups)
    return await _show(request, session, at, secret=secret, uri=begun.uri)


@router.post("/confirm")
async def confirm(request: Request, user: InPerson, session: CurrentSession, at: At) -> Response:
    """Puts it in force and shows the recovery codes, this once."""
    typed = await read_form(request)
    try:
        found = await at.second_factors.confirm(user, typed.get("code", ""))
    except (Invalid, NotFound, TooMany) as error:
        return await _show(request, session, at, wrong=_why(request, error))
    return await _show(request, session, at, codes=found.codes)


@router.post("/remove")
async def remove(request: Request, user: InPerson, session: CurrentSession, at: At) -> Response:
    """Takes it off, where a code of it is given."""
    typed = await read_form(request)
    try:
        await at.second_factors.remove(user, typed.get("code", ""))
    except (Invalid, TooMany) as error:
        return await _show(request, session, at, wrong=_why(request, error))
    return go_to(request, "/second-factor", notice="off")


def _why(request: Request, error: Exception) -> str:
    text = texts(request)
    if isinstance(error, TooMany):
        return text("sign_in.too_many", minutes=in_words(max(60, error.retry_after), text))
    return text("second_factor.wrong")


async def _show(
    request: Request, session: Session, at: Services, *, wrong: str = "", **shown: Any
) -> Response:
    text, user = texts(request), session.user
    notice = None
    if not wrong and notice_word(request) == "off":
        notice = Notice("done", text("second_factor.off_done"))
    return page(
        request,
        "second_factor",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        errors=Blank(form=wrong) if wrong else Blank(),
        here="/second-factor",
        standing=await at.second_factors.standing(user),
        must=user.must_enrol,
        **{"secret": "", "uri": "", "codes": [], **shown},
    )
