"""Nudges over HTTP: the centre's key, and one's own browsers.

A browser goes on being nudged whatever becomes of the session that it was given in, so it is given,
tried and taken away by whoever is signed in, never by a program with a token.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import InPerson, acting, reading
from api.push.service import PushKey, Subscribe, Subscribed, Subscription
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import Number

router = APIRouter(prefix="/v1/push", tags=["push"])
MESSAGES = (PushKey, Subscribe, Subscribed, Subscription)
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_ALERTS)]
Actor = Annotated[Member, acting(Permission.READ_ALERTS)]


@router.get("/key", responses=answers(PushKey, "The centre's public key."))
async def key(at: At, _: Reader) -> Json:
    """What a page gives its browser as `applicationServerKey`."""
    return Json(await at.push.key())


@router.get("/subscriptions", responses=answers(list[Subscription], "One's own browsers."))
async def subscriptions(at: At, user: Reader) -> Json:
    """One's own browsers that are nudged, the newest first."""
    return Json(await at.push.of(user))


@router.post(
    "/subscriptions",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(Subscribe),
    responses=answers(Subscribed, "It is nudged from now on.", 201),
)
async def subscribe(request: Request, at: At, user: Actor, _: InPerson) -> Json:
    """Has a browser nudged when something waits in the homes that one looks after."""
    asked = await read_json(request, Subscribe)
    return Json(await at.push.subscribe(asked, user), status_code=HTTPStatus.CREATED)


@router.delete(
    "/subscriptions/{subscription}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=answers(None, "Ended.", 204),
)
async def unsubscribe(subscription: Number, at: At, user: Actor, _: InPerson) -> Response:
    """Has one of one's own browsers nudged no more."""
    await at.push.unsubscribe(subscription, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/subscriptions/{subscription}/test",
    status_code=HTTPStatus.NO_CONTENT,
    responses=answers(None, "A test is on its way.", 204),
)
async def test(subscription: Number, at: At, user: Actor, _: InPerson) -> Response:
    """Has a test sent to one of one's own browsers."""
    await at.push.test(subscription, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)
