"""How somebody comes in: their password, passkeys and sessions, and tokens for programs."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.account import account_page
from api.identity.access import TokenRequest
from api.identity.new_passwords import PasswordChange
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import CurrentSession, InPerson, keep
from api.refusals import Conflict, Invalid, NotAllowed, TooMany
from api.services import Services, services
from api.web.address import address
from api.web.forms import read_form
from api.web.parameters import VERSION, Number
from api.web.parameters import number as number_of

router = APIRouter(prefix="/account")

At = Annotated[Services, Depends(services)]
_SCOPE = "scope-"
_DONE = (
    "passkey_removed", "passkey_named", "session_ended", "token_revoked", "password_changed",
)  # fmt: skip


@router.get("")
async def show(request: Request, session: CurrentSession, at: At, added: str = "") -> Response:
    """All of it."""
    text = texts(request)
    notice = None
    if added == "passkey":
        notice = Notice("done", text("account.passkey_added"))
    elif (word := notice_word(request)) in _DONE:
        notice = Notice("done", text(f"account.{word}"))
    return await _show(request, session, at, notice)


@router.post("/password")
async def password(request: Request, user: InPerson, session: CurrentSession, at: At) -> Response:
    """Changes the password; the browser goes on with a session under a fresh token."""
    typed = Blank(await read_form(request))
    if typed["password"] != typed["again"]:
        return await _wrong(request, session, at, Invalid(texts(request)("account.differ")))
    try:
        asked = PasswordChange(present=typed["present"], password=typed["password"])
        signed_in = await at.new_passwords.change(asked, user, address(request))
    except (Invalid, Conflict, TooMany) as error:
        return await _wrong(request, session, at, error)
    response = go_to(request, "/account", notice="password_changed")
    keep(request, response, signed_in)
    return response


@router.post("/passkeys/{number}/name")
async def name(
    request: Request, number: Number, user: InPerson, session: CurrentSession, at: At
) -> Response:
    """Gives a passkey another name."""
    typed = Blank(await read_form(request))
    try:
        await at.passkeys.rename(number, typed["name"], user)
    except Invalid as error:
        return await _wrong(request, session, at, error)
    return go_to(request, "/account", notice="passkey_named")


@router.post("/passkeys/{number}/remove")
async def remove(
    request: Request, number: Number, user: InPerson, session: CurrentSession, at: At
) -> Response:
    """Removes a passkey."""
    try:
        await at.passkeys.remove(number, user)
    except Conflict as error:
        return await _wrong(request, session, at, error)
    return go_to(request, "/account", notice="passkey_removed")


@router.post("/sessions/{number}/end")
async def end(request: Request, number: Number, user: InPerson, at: At) -> Response:
    """Ends a session, wherever it is."""
    await at.access.end(number, user)
    return go_to(request, "/account", notice="session_ended")


@router.post("/tokens")
async def add_token(request: Request, user: InPerson, session: CurrentSession, at: At) -> Response:
    """Makes a token and shows it, this once."""
    typed = Blank(await read_form(request))
    scopes = [field.removeprefix(_SCOPE) for field in typed if field.startswith(_SCOPE)]
    days = number_of(typed["days"], VERSION) or 0
    asked = TokenRequest(name=typed["name"], scopes=scopes, days=days)
    try:
        made = await at.access.add_token(asked, user)
    except (Invalid, NotAllowed, Conflict) as error:
        return await _wrong(request, session, at, error, typed=typed)
    return await _show(request, session, at, None, secret=made.token)


@router.post("/tokens/{number}/revoke")
async def revoke(request: Request, number: Number, user: InPerson, at: At) -> Response:
    """Takes a token back."""
    await at.access.revoke(number, user)
    return go_to(request, "/account", notice="token_revoked")


async def _wrong(
    request: Request, session: Session, at: Services, error: Exception, **shown: Any
) -> Response:
    text = texts(request)
    notice = Notice("conflict", text("account.not_done"), escape(f"{error}"))
    return await _show(
        request, session, at, notice, status=HTTPStatus.UNPROCESSABLE_ENTITY, **shown
    )


async def _show(
    request: Request,
    session: Session,
    at: Services,
    notice: Notice | None,
    *,
    status: int = HTTPStatus.OK,
    **shown: Any,
) -> Response:
    user = session.user
    return page(
        request,
        "account",
        session=session,
        status=status,
        notice=notice,
        here="/account",
        page=account_page(
            await at.passkeys.all(user),
            await at.access.sessions(user),
            await at.access.tokens(user),
            me=user,
            now=at.clock(),
            text=texts(request),
        ),
        has_password=await at.new_passwords.held(user),
        scopes=[one for one in Permission if user.may(one)],
        **{"secret": "", **shown},
    )
