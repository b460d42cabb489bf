"""Duties for programs: what an organisation was promised."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api.alerts.duties import DutiesDetail, PutDuties
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1/organisations/{organisation}/duties", tags=["alerts"])
At = Annotated[Services, Depends(services)]
Organisation = Annotated[int, Path(ge=1, le=2**53)]

_DUTIES = answers(DutiesDetail, "The duties as they now are.")
MESSAGES = (DutiesDetail, PutDuties)


@router.get("", responses=_DUTIES)
async def duties(
    organisation: Organisation, at: At, user: Annotated[Member, reading(Permission.READ_ALERTS)]
) -> Json:
    """What was promised: for each priority how soon somebody looks, and for which share."""
    return Json(await at.duties.of(user.reach, organisation))


@router.put("", openapi_extra=body(PutDuties), responses=_DUTIES)
async def put(
    organisation: Organisation,
    request: Request,
    at: At,
    user: Annotated[Member, acting(Permission.SET_DUTIES)],
) -> Json:
    """Gives an organisation duties of its own; for supervisors and administrators."""
    asked = await read_json(request, PutDuties)
    return Json(await at.duties.put(user, organisation, asked.duties, version=asked.version))
