"""Homes for programs; the console has pages of its own over the same service."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.homes.service import MAX_DAYS
from api.homes.views import Days, HomeDetail
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import reading
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers
from api.web.parameters import Name

router = APIRouter(prefix="/v1/homes", tags=["homes"])
MESSAGES = (Days, HomeDetail)
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_HOMES)]
DaysReader = Annotated[Member, reading(Permission.READ_DAYS)]


@router.get("", responses=answers(None, "Homes by name, with how many alerts wait."))
async def all_homes(
    at: At,
    user: Reader,
    after: Annotated[str, Query(max_length=128, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> Json:
    """Homes by name, from the one behind `after`."""
    alerts = user.may(Permission.READ_ALERTS)
    return Json(await at.homes.all(user.reach, after=after, limit=limit, alerts=alerts))


@router.get("/{home}", responses=answers(HomeDetail, "The home."))
async def one(home: Name, at: At, user: Reader) -> Json:
    """One home: its hubs, its sensors with when they were last heard, its newest alerts."""
    return Json(await at.homes.one(user.reach, home, alerts=user.may(Permission.READ_ALERTS)))


@router.get("/{home}/days", responses=answers(Days, "The home's days."))
async def days(
    home: Name,
    at: At,
    user: DaysReader,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS)] = 7,
    until: date | None = None,
) -> Json:
    """Counts by place and kind for each of the last local days, up to and including `until`."""
    return Json(await at.homes.days(user.reach, home, days, until=until))
