"""Passkeys over HTTP: made, named and removed by whoever is signed in; shown to sign in."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.identity.passkeys import NewPasskey, Passkey, PasskeyName, PasskeyOptions, PasskeySignIn
from api.identity.people import Session
from api.identity.web import InPerson, SignedInUser, keep, same_origin, session_token
from api.services import Services, services
from api.web.address import address
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1", tags=["session"])
At = Annotated[Services, Depends(services)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
MESSAGES = (NewPasskey, Passkey, PasskeyName, PasskeyOptions, PasskeySignIn)


def origin(request: Request) -> str:
    """By which address the browser has the centre."""
    return f"{request.url.scheme}://{request.url.netloc}"


@router.get("/passkeys", responses=answers(list[Passkey], "One's own passkeys."))
async def passkeys(at: At, user: SignedInUser) -> Json:
    """One's own passkeys, the newest first."""
    return Json(await at.passkeys.all(user))


@router.post("/passkeys/options", responses=answers(PasskeyOptions, "For the browser."))
async def options(request: Request, at: At, user: InPerson) -> Json:
    """What a browser needs to make a passkey."""
    return Json(await at.passkeys.begin(user, origin(request)))


@router.post(
    "/passkeys",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(NewPasskey),
    responses=answers(Passkey, "The passkey.", 201),
)
async def add(request: Request, at: At, user: InPerson) -> Json:
    """Takes in a passkey that a browser made."""
    asked = await read_json(request, NewPasskey)
    made = await at.passkeys.add(asked, user, origin(request))
    return Json(made, status_code=HTTPStatus.CREATED)


@router.put(
    "/passkeys/{passkey}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=body(PasskeyName),
    responses=answers(None, "Renamed.", 204),
)
async def rename(passkey: Number, request: Request, at: At, user: InPerson) -> Response:
    """Gives one of one's own passkeys another name."""
    asked = await read_json(request, PasskeyName)
    await at.passkeys.rename(passkey, asked.name, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.delete(
    "/passkeys/{passkey}", status_code=HTTPStatus.NO_CONTENT, responses=answers(None, "Gone.", 204)
)
async def remove(passkey: Number, at: At, user: InPerson) -> Response:
    """Removes one of one's own passkeys."""
    await at.passkeys.remove(passkey, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/session/passkey/options",
    dependencies=[Depends(same_origin)],
    responses=answers(PasskeyOptions, "For the browser."),
)
async def sign_in_options(request: Request, at: At) -> Json:
    """What a browser needs to show a passkey."""
    return Json(await at.passkeys.begin_sign_in(origin(request), address(request)))


@router.post(
    "/session/passkey",
    status_code=HTTPStatus.CREATED,
    dependencies=[Depends(same_origin)],
    openapi_extra=body(PasskeySignIn),
    responses=answers(Session, "Signed in; the session is in the cookie.", 201),
)
async def sign_in(request: Request, at: At) -> Json:
    """Opens a session for whoever has the passkey."""
    asked = await read_json(request, PasskeySignIn)
    signed_in = await at.passkeys.sign_in(
        asked, origin(request), address(request), session_token(request)
    )
    response = Json(signed_in.session, status_code=HTTPStatus.CREATED)
    keep(request, response, signed_in)
    return response
