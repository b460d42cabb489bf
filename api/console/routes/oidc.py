"""Signing in by the provider's word: off to the provider, back with its answer, and out again."""

import logging
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import SEE_OTHER, Blank, go_to, texts
from api.console.routes.sign_in import AT_FIRST, inside, refuse_on_form
from api.console.views.times import in_words
from api.identity.web import keep, session_token
from api.oidc import attempt
from api.oidc.attempt import LIFETIME_SECONDS
from api.oidc.refusing import NotLetIn
from api.oidc.service import Federation
from api.refusals import NotFound, TooMany
from api.services import Services, services
from api.web.address import address
from api.web.forms import read_form

log = logging.getLogger(__name__)

router = APIRouter(prefix="/oidc")

At = Annotated[Services, Depends(services)]


def federation(at: At) -> Federation:
    """The provider.

    Raises:
        NotFound: The centre has none.
    """
    if at.federation is None:
        raise NotFound("This centre has no provider to sign in with.")
    return at.federation


Provided = Annotated[Federation, Depends(federation)]


@router.get("/begin")
async def begin(request: Request, at: At, to: Provided, next: str = AT_FIRST) -> Response:  # noqa: A002  # its name in the address
    """Off to the provider."""
    begun = attempt.begin(inside(next), at.clock())
    try:
        where = await to.address(begun)
    except NotLetIn as error:
        return _refused(request, error, begun.next)
    response = Response(status_code=SEE_OTHER, headers={"Location": where})
    response.set_cookie(_cookie(request), begun.cookie, max_age=LIFETIME_SECONDS, **_held(request))
    return response


@router.get("/callback")
async def callback(request: Request, at: At, to: Provided) -> Response:
    """Back with the provider's answer."""
    begun = attempt.read(request.cookies.get(_cookie(request), ""), at.clock())
    answer = dict(request.query_params)
    path = inside(begun.next) if begun else AT_FIRST
    response: Response
    try:
        signed_in = await to.finish(answer, begun, address(request), session_token(request))
    except NotLetIn as error:
        response = _refused(request, error, path)
    except TooMany as error:
        text = texts(request)
        wait = in_words(max(60, error.retry_after), text)
        response = refuse_on_form(
            request,
            Blank(next=path),
            Blank(form=text("sign_in.too_many", minutes=wait)),
            HTTPStatus.TOO_MANY_REQUESTS,
        )
    else:
        response = go_to(request, path)
        keep(request, response, signed_in)
    response.delete_cookie(_cookie(request), **_held(request))
    return response


@router.get("/sign-out")
async def sign_out(request: Request, to: Provided) -> Response:
    """Out of the provider as well, for whoever follows the link that signing out here shows."""
    try:
        where = await to.end_address()
    except NotLetIn as error:
        return _refused(request, error, AT_FIRST)
    return Response(status_code=SEE_OTHER, headers={"Location": where or "/sign-in"})


@router.post("/signed-out")
async def signed_out(request: Request, to: Provided) -> Response:
    """For the provider, not for browsers: says who has signed out there."""
    token = (await read_form(request)).get("logout_token", "")
    try:
        await to.signed_out(token)
    except NotLetIn as error:
        log.warning("a word of signing out was not believed: %s", error)
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    return Response(status_code=HTTPStatus.OK)


def _refused(request: Request, error: NotLetIn, path: str) -> Response:
    text = texts(request)
    said = Blank(form=text(f"oidc.{error.why}"))
    return refuse_on_form(request, Blank(next=path), said, HTTPStatus.UNAUTHORIZED)


def _cookie(request: Request) -> str:
    return "__Host-telecare-oidc" if request.url.scheme == "https" else "telecare-oidc"


def _held(request: Request) -> dict[str, Any]:
    """Held to this host, and sent along when the provider sends the browser back."""
    secure = request.url.scheme == "https"
    return {"path": "/", "httponly": True, "secure": secure, "samesite": "lax"}
