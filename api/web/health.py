"""Whether the process lives, and whether it can do its work: for supervisors and load balancers."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.refusals import DatabaseAway, Stopping
from api.services import Services, services
from api.store.database import RETRY_AFTER
from api.store.migrate import pending
from api.store.reach import AS_CONNECTED
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=answers(None, "The process lives."))
async def healthz() -> Json:
    """Says that the process lives. Asks nobody else."""
    return Json({"alive": True})


@router.get("/readyz", responses=answers(None, "The centre can do its work."))
async def readyz(at: Annotated[Services, Depends(services)]) -> Json:
    """Says whether the database answers and has this version's schema; 503 where not."""
    if at.live.closed:
        raise Stopping("This replica is stopping. Ask another.", RETRY_AFTER)
    async with at.database.transaction(AS_CONNECTED) as connection:
        missing = await pending(connection)
    if missing:
        raise DatabaseAway(f"The database still lacks {missing[0]}.", RETRY_AFTER)
    return Json({"ready": True})
