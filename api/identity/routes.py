"""Signing in and out, for programs; the console has pages of its own over the same service."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from api.identity.people import Session
from api.identity.web import CurrentSession, InPerson, drop, keep, same_origin, session_token
from api.services import Services, services
from api.web.address import address
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1/session", tags=["session"])
At = Annotated[Services, Depends(services)]


class SignInRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to come in; `code` is of the second factor, for those who have one."""

    username: str
    password: str
    code: str = ""


MESSAGES = (Session, SignInRequest)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(same_origin)],
    openapi_extra=body(SignInRequest),
    responses=answers(Session, "Signed in; the session is in the cookie.", 201),
)
async def sign_in(request: Request, at: At) -> Json:
    """Opens a session. Later changes must bring its `csrf` in the header `X-CSRF-Token`."""
    asked = await read_json(request, SignInRequest)
    signed_in = await at.staff.sign_in(
        asked.username,
        asked.password,
        address(request),
        code=asked.code,
        old_token=session_token(request),
    )
    response = Json(signed_in.session, status_code=HTTPStatus.CREATED)
    keep(request, response, signed_in)
    return response


@router.get("", responses=answers(Session, "Who is signed in."))
async def who(session: CurrentSession) -> Json:
    """Who is signed in, and until when."""
    return Json(session)


@router.delete("", status_code=HTTPStatus.NO_CONTENT, responses=answers(None, "Signed out.", 204))
async def sign_out(request: Request, at: At, _: InPerson) -> Response:
    """Ends the session."""
    await at.staff.sign_out(session_token(request) or "")
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    drop(request, response)
    return response
