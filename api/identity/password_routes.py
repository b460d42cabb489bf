"""A new password over HTTP: by whoever is signed in, or by whoever was sent a link."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.identity.new_passwords import PasswordChange, PasswordChoice
from api.identity.people import Session
from api.identity.web import InPerson, keep, same_origin
from api.services import Services, services
from api.web.address import address
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1", tags=["session"])
At = Annotated[Services, Depends(services)]
MESSAGES = (PasswordChange, PasswordChoice)


@router.put(
    "/password",
    openapi_extra=body(PasswordChange),
    responses=answers(Session, "This session, under a fresh token in its cookie."),
)
async def change(request: Request, at: At, user: InPerson) -> Json:
    """Changes one's own password. All other sessions end; this one has a new `csrf`."""
    asked = await read_json(request, PasswordChange)
    signed_in = await at.new_passwords.change(asked, user, address(request))
    response = Json(signed_in.session)
    keep(request, response, signed_in)
    return response


@router.post(
    "/invitation",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[Depends(same_origin)],
    openapi_extra=body(PasswordChoice),
    responses=answers(None, "Set; sign in with it.", 204),
)
async def choose(request: Request, at: At) -> Response:
    """Sets the password of whoever was sent an invitation, once."""
    await at.new_passwords.choose(await read_json(request, PasswordChoice), address(request))
    return Response(status_code=HTTPStatus.NO_CONTENT)
