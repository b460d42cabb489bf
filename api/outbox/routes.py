"""The outbox for programs: what was not delivered is seen by those who can mend it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.outbox.service import OutboxView
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(prefix="/v1/outbox", tags=["outbox"])
MESSAGES = (OutboxView,)
At = Annotated[Services, Depends(services)]
MessageId = Annotated[int, Path(ge=1, le=2**62)]


@router.get("", responses=answers(OutboxView, "Destinations, and what was given up."))
async def view(
    at: At,
    user: Annotated[Member, reading(Permission.MANAGE_OUTBOX)],
    before: Annotated[int, Query(ge=1, le=2**62)] = 2**62,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Json:
    """Each destination with how much waits, and the newest dead letters; for administrators."""
    return Json(await at.outbox.view(user.reach, limit=limit, before=before))


@router.post(
    "/{message}/again",
    status_code=204,
    response_class=Response,
    responses=answers(None, "It waits again.", 204),
)
async def again(
    message: MessageId, at: At, user: Annotated[Member, acting(Permission.MANAGE_OUTBOX)]
) -> Response:
    """Has a dead letter tried again; for administrators."""
    await at.outbox.again(user.reach, message)
    return Response(status_code=204)
