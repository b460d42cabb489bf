"""The audit log for programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime

from api.audit.log import AuditEntry, Narrow
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import reading
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(prefix="/v1", tags=["audit"])
MESSAGES = (AuditEntry,)
_MOST = 2**63 - 1
_TEXT = r"^[^\x00]*$"


@router.get(
    "/organisations/{organisation}/audit",
    responses=answers(list[AuditEntry], "The entries, the newest first."),
)
async def audit(  # noqa: PLR0917 - each is a part of the address
    organisation: Annotated[int, Path(ge=1, le=_MOST)],
    at: Annotated[Services, Depends(services)],
    user: Annotated[Member, reading(Permission.READ_AUDIT)],
    before: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    home: Annotated[str, Query(max_length=128, pattern=_TEXT)] = "",
    username: Annotated[str, Query(max_length=64, pattern=_TEXT)] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Json:
    """Who read or did what in an organisation; `before` is the number of the last one seen."""
    found = await at.audit.newest(
        user.reach,
        organisation,
        user.organisations,
        before=before,
        limit=limit,
        narrow=Narrow(home, username, since, until),
    )
    return Json(found)
