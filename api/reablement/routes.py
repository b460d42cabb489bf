"""Reablement for programs: how a home's week compares with the start of a programme."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.reablement.views import NewProgramme, Programme
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import Name

router = APIRouter(prefix="/v1/homes/{home}/reablement", tags=["reablement"])
MESSAGES = (NewProgramme, Programme)

At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_DAYS)]
Setter = Annotated[Member, acting(Permission.SET_REABLEMENT)]


@router.get("", responses=answers(Programme, "The programme that is running."))
async def programme(home: Name, at: At, user: Reader) -> Json:
    """Measures of daily living by week, and what may be considered."""
    return Json(await at.reablement.of(user, home))


@router.post(
    "",
    openapi_extra=body(NewProgramme),
    responses=answers(Programme, "The programme.", 201),
    status_code=HTTPStatus.CREATED,
)
async def begin(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Begins a programme."""
    asked = await read_json(request, NewProgramme)
    return Json(await at.reablement.begin(user, home, asked), HTTPStatus.CREATED)


@router.delete(
    "",
    responses=answers(None, "It has ended.", 204),
    status_code=HTTPStatus.NO_CONTENT,
)
async def end(home: Name, at: At, user: Setter) -> Response:
    """Ends the programme that is running."""
    await at.reablement.end(user, home)
    return Response(status_code=HTTPStatus.NO_CONTENT)
