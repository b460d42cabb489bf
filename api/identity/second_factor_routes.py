"""One's own second factor, for programs that sign people in; the console has a page for it."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from api.identity.second_factor import Begun, Recovery, Standing
from api.identity.web import InPerson, SignedInUser
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1/second-factor", tags=["session"])
At = Annotated[Services, Depends(services)]


class CodeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A code that the app shows, or a recovery code."""

    code: str


MESSAGES = (Begun, CodeRequest, Recovery, Standing)


@router.get("", responses=answers(Standing, "How it stands."))
async def standing(at: At, user: SignedInUser) -> Json:
    """Whether one's own second factor is off, begun or on."""
    return Json(await at.second_factors.standing(user))


@router.post("", status_code=HTTPStatus.CREATED, responses=answers(Begun, "Begun.", 201))
async def begin(at: At, user: InPerson) -> Json:
    """Makes a secret for one's app. It counts once a code of it was given."""
    return Json(await at.second_factors.begin(user), status_code=HTTPStatus.CREATED)


@router.post("/confirm", openapi_extra=body(CodeRequest), responses=answers(Recovery, "On."))
async def confirm(request: Request, at: At, user: InPerson) -> Json:
    """Puts it in force with the first code; the answer has the recovery codes."""
    asked = await read_json(request, CodeRequest)
    return Json(await at.second_factors.confirm(user, asked.code))


@router.post(
    "/remove",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=body(CodeRequest),
    responses=answers(None, "Off.", 204),
)
async def remove(request: Request, at: At, user: InPerson) -> Response:
    """Takes it off; needs a code."""
    asked = await read_json(request, CodeRequest)
    await at.second_factors.remove(user, asked.code)
    return Response(status_code=HTTPStatus.NO_CONTENT)
