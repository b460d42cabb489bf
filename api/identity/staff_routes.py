"""Staff for administrators: listed, invited, changed and let go.

What lets somebody in needs a person who has signed in a moment ago; a program may let people go, as
one that is told of leavers does.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.identity.passkey_routes import origin
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.staff_views import Invitation, NewStaff, StaffChange, StaffMember
from api.identity.web import InPerson, acting, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1/staff", tags=["access"])
MESSAGES = (Invitation, NewStaff, StaffChange, StaffMember)
At = Annotated[Services, Depends(services)]
Looker = Annotated[Member, reading(Permission.MANAGE_STAFF)]
Manager = Annotated[Member, acting(Permission.MANAGE_STAFF)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", responses=answers(list[StaffMember], "Staff, those who were let go last."))
async def all_staff(at: At, user: Looker) -> Json:
    """Everybody whose organisations are within one's own."""
    return Json(await at.administration.all(user))


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(NewStaff),
    responses=answers(Invitation, "A link for them, shown this once.", 201),
)
async def add(request: Request, at: At, user: Manager, _: InPerson) -> Json:
    """Adds a member of staff, who chooses a password by the link."""
    asked = await read_json(request, NewStaff)
    made = await at.administration.add(asked, user, origin(request))
    return Json(made, status_code=HTTPStatus.CREATED)


@router.get("/{staff}", responses=answers(StaffMember, "A member of staff."))
async def one(staff: Number, at: At, user: Looker) -> Json:
    """One of them."""
    return Json(await at.administration.one(staff, user))


@router.put(
    "/{staff}",
    openapi_extra=body(StaffChange),
    responses=answers(StaffMember, "As they are now."),
)
async def change(staff: Number, request: Request, at: At, user: Manager, _: InPerson) -> Json:
    """Gives somebody another name, role or reach; in force with their next request."""
    asked = await read_json(request, StaffChange)
    return Json(await at.administration.change(staff, asked, user))


@router.post("/{staff}/disable", responses=answers(StaffMember, "As they are now."))
async def disable(staff: Number, at: At, user: Manager) -> Json:
    """Lets somebody go: nothing lets them in, and what they held is the others' at once."""
    return Json(await at.administration.disable(staff, user))


@router.post("/{staff}/enable", responses=answers(StaffMember, "As they are now."))
async def enable(staff: Number, at: At, user: Manager, _: InPerson) -> Json:
    """Lets somebody back in, with the password that they had."""
    return Json(await at.administration.enable(staff, user))


@router.post(
    "/{staff}/invitation",
    status_code=HTTPStatus.CREATED,
    responses=answers(Invitation, "A link for them, shown this once.", 201),
)
async def invite(staff: Number, request: Request, at: At, user: Manager, _: InPerson) -> Json:
    """Gives somebody a new link; their password opens nothing from now on."""
    made = await at.administration.invite(staff, user, origin(request))
    return Json(made, status_code=HTTPStatus.CREATED)


@router.delete(
    "/{staff}/second-factor",
    status_code=HTTPStatus.NO_CONTENT,
    responses=answers(None, "Taken off.", 204),
)
async def reset(staff: Number, at: At, user: Manager, _: InPerson) -> Response:
    """Takes app, recovery codes and passkeys off, for who has lost them all."""
    await at.administration.reset_second_factor(staff, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)
