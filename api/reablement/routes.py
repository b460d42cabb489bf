"""Reablement for programs: how a home's week compares with the start of a programme."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.reablement.views import NewProgramme, Programme, ProgrammeLine, Sequel
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import NAME, Name

router = APIRouter(prefix="/v1", tags=["reablement"])
MESSAGES = (NewProgramme, Programme, ProgrammeLine)

At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_DAYS)]
Setter = Annotated[Member, acting(Permission.SET_REABLEMENT)]


@router.get(
    "/homes/{home}/reablement", responses=answers(Programme, "The programme that is running.")
)
async def programme(home: Name, at: At, user: Reader) -> Json:
    """Measures of daily living by week, and what may be considered."""
    return Json(await at.reablement.of(user, home))


@router.post(
    "/homes/{home}/reablement",
    openapi_extra=body(NewProgramme),
    responses=answers(Programme, "The programme.", 201),
    status_code=HTTPStatus.CREATED,
)
async def begin(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Begins a programme."""
    asked = await read_json(request, NewProgramme)
    return Json(await at.reablement.begin(user, home, asked), HTTPStatus.CREATED)


@router.delete(
    "/homes/{home}/reablement",
    responses=answers(None, "It has ended.", 204),
    status_code=HTTPStatus.NO_CONTENT,
)
async def end(home: Name, at: At, user: Setter, sequel: Sequel | None = None) -> Response:
    """Ends the programme that is running, and keeps how they live from now on."""
    await at.reablement.end(user, home, sequel)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/reablement",
    responses=answers(list[ProgrammeLine], "Those running, then those that ended last."),
)
async def programmes(
    at: At,
    user: Reader,
    home: Annotated[str | None, Query(min_length=1, max_length=128, pattern=NAME)] = None,
) -> Json:
    """Programmes of all homes that one looks after, or of one home; 500 at most."""
    return Json(await at.reablement.all(user, home))


@router.get(
    "/reablement/{programme}", responses=answers(Programme, "The programme, running or ended.")
)
async def one(programme: Annotated[int, Path(ge=1, le=2**53)], at: At, user: Reader) -> Json:
    """Its weeks until its end, what was to be considered then, and how it ended."""
    return Json(await at.reablement.one(user, programme))
