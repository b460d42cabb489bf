"""Cohorts for programs: saved filters, whom to call, what came of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.cohorts.views import Cohort, ContactList, NewCohort, NewContact
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1", tags=["cohorts"])
MESSAGES = (Cohort, ContactList, NewCohort, NewContact)

At = Annotated[Services, Depends(services)]
Number = Annotated[int, Path(ge=1, le=2**53)]
Reader = Annotated[Member, reading(Permission.READ_COHORTS)]
Caller = Annotated[Member, acting(Permission.CONTACT_COHORTS)]
Setter = Annotated[Member, acting(Permission.SET_COHORTS)]


@router.get("/cohorts", responses=answers(list[Cohort], "The saved filters."))
async def cohorts(at: At, user: Reader) -> Json:
    """The filters of the organisations that one looks after."""
    return Json(await at.cohorts.all(user))


@router.post(
    "/organisations/{organisation}/cohorts",
    openapi_extra=body(NewCohort),
    responses=answers(Cohort, "The filter.", 201),
    status_code=HTTPStatus.CREATED,
)
async def add(organisation: Number, request: Request, at: At, user: Setter) -> Json:
    """Saves a filter; whatever it names must hold."""
    added = await at.cohorts.add(user, organisation, await read_json(request, NewCohort))
    return Json(added, HTTPStatus.CREATED)


@router.get("/cohorts/{cohort}", responses=answers(ContactList, "Whom to call now."))
async def people(cohort: Number, at: At, user: Reader) -> Json:
    """Whom to call now, each with why; without those who were called lately."""
    return Json(await at.cohorts.people(user, cohort))


@router.delete(
    "/cohorts/{cohort}",
    responses=answers(None, "It is gone, with its calls.", 204),
    status_code=HTTPStatus.NO_CONTENT,
)
async def remove(cohort: Number, at: At, user: Setter) -> Response:
    """Removes a filter."""
    await at.cohorts.remove(user, cohort)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/cohorts/{cohort}/contacts",
    openapi_extra=body(NewContact),
    responses=answers(ContactList, "The list as it now is."),
)
async def called(cohort: Number, request: Request, at: At, user: Caller) -> Json:
    """Keeps what came of a call: contacted, no answer, or action."""
    return Json(await at.cohorts.called(user, cohort, await read_json(request, NewContact)))
