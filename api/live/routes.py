"""`GET /v1/live`: what changed, as server-sent events."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import find_session, reading
from api.live.fanout import Reader
from api.live.stream import stream
from api.refusals import DatabaseAway
from api.services import Services, services
from api.web.openapi import answers

router = APIRouter(prefix="/v1", tags=["live"])


@router.get("/live", responses=answers(None, "An event stream; see docs/centre.md."))
async def live(
    request: Request,
    at: Annotated[Services, Depends(services)],
    user: Annotated[Member, reading(Permission.READ_HOMES)],
) -> StreamingResponse:
    """Says which alerts and hubs changed; the reader fetches what it shows of them."""
    reader = Reader(
        organisations=frozenset(user.organisations),
        staff=user.id,
        alerts=user.may(Permission.READ_ALERTS),
        named=not user.by_consent,
    )

    async def allowed() -> bool:
        try:
            session = await find_session(request, at)
        except DatabaseAway:  # who may listen to "stale" may go on until it is back
            return True
        # Whoever may now do less, or more, opens another: its page shows what has changed for them.
        return session is not None and (
            session.user.organisations == user.organisations
            and session.user.role == user.role
            and session.user.may(Permission.READ_HOMES)
        )

    return StreamingResponse(
        stream(at.live, at.clock, reader, allowed),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # else a proxy may hold events back
    )
