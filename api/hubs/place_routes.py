"""Hubs as staff see to them: places, codes, letting go; and a hub's own new key."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response

from api.hubs.keys import Keyed, KeyRequest
from api.hubs.places import Place, PlaceRequest
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import Name

router = APIRouter(prefix="/v1", tags=["hubs"])
At = Annotated[Services, Depends(services)]
Adder = Annotated[Member, acting(Permission.ADD_HUBS)]
Revoker = Annotated[Member, acting(Permission.REVOKE_HUBS)]
Organisation = Annotated[int, Path(ge=1, le=2**63 - 1)]


class CodeWish(msgspec.Struct, frozen=True, kw_only=True):
    """How long a claim code is to be good for, in days above 0, at most 90."""

    days: float = 7


MESSAGES = (CodeWish, Keyed, KeyRequest, Place, PlaceRequest)


@router.post(
    "/organisations/{organisation}/hubs",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(PlaceRequest),
    responses=answers(Place, "The place with its code, which is shown this once.", 201),
)
async def add(organisation: Organisation, request: Request, at: At, user: Adder) -> Json:
    """Adds a place for a hub, and the home where it is new."""
    asked = await read_json(request, PlaceRequest)
    return Json(await at.places.add(organisation, asked, user), status_code=HTTPStatus.CREATED)


@router.post(
    "/hubs/{hub}/code",
    openapi_extra=body(CodeWish),
    responses=answers(Place, "The place with its new code, which is shown this once."),
)
async def renew(hub: Name, request: Request, at: At, user: Adder) -> Json:
    """Gives a place that no hub has claimed a new code."""
    asked = await read_json(request, CodeWish)
    return Json(await at.places.renew(hub, user, asked.days))


@router.post(
    "/hubs/{hub}/replacement",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(CodeWish),
    responses=answers(Place, "The new hub's place with its code, which is shown this once.", 201),
)
async def replace(hub: Name, request: Request, at: At, user: Adder) -> Json:
    """Adds the hub that is to follow this one, which is heard until the new one first speaks."""
    asked = await read_json(request, CodeWish)
    made = await at.places.replace(hub, user, asked.days)
    return Json(made, status_code=HTTPStatus.CREATED)


@router.post(
    "/hubs/{hub}/revoke", status_code=HTTPStatus.NO_CONTENT, responses=answers(None, "Gone.", 204)
)
async def revoke(hub: Name, at: At, user: Revoker) -> Response:
    """Lets a hub go: its key, tokens and claim code open nothing from now on."""
    await at.places.revoke(hub, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/hubs/{hub}/key",
    openapi_extra=body(KeyRequest),
    responses=answers(Keyed, "The key that the hub is known by from now on."),
)
async def rotate(hub: Name, request: Request, at: At) -> Json:
    """For the hub itself: takes its new key, signed by both; the old one opens nothing more."""
    await at.door.home_of(hub, request.headers.get("authorization", ""))
    return Json(await at.keys.rotate(hub, await read_json(request, KeyRequest)))
