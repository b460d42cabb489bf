"""Whether the process lives, and whether it can do its work: for supervisors and load balancers."""

import asyncio
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
SECONDS = 5.0
"""Longer than that the database has no business with being asked whether it is there."""


@router.get("/healthz", responses=answers(None, "The process lives."))
async def healthz() -> Json:
    """Says that the process lives. Asks nobody else."""
    return Json({"alive": True})


@router.get("/readyz", responses=answers(None, "The centre can do its work."))
async def readyz(at: Annotated[Services, Depends(services)]) -> Json:
    """Says whether the database answers and has this version's schema; 503 where not."""
    if at.live.closed:
        raise Stopping("This replica is stopping. Ask another.", RETRY_AFTER)
    missing = await _in_time(at)
    if missing:
        raise DatabaseAway(f"The database still lacks {missing[0]}.", RETRY_AFTER)
    at.clock()  # it, too, is the database's
    return Json({"ready": True})


async def _in_time(at: Services) -> list[str]:
    """What the database lacks. Over a dead link nothing ends soon, not even giving up."""
    asking = asyncio.create_task(_lacking(at))
    done, _ = await asyncio.wait({asking}, timeout=SECONDS)
    if done:
        return await asking
    asking.cancel()
    raise DatabaseAway(f"The database has not answered for {SECONDS:g} seconds.", RETRY_AFTER)


async def _lacking(at: Services) -> list[str]:
    async with at.database.transaction(AS_CONNECTED) as connection:
        return await pending(connection)
